-- A public library: what it holds, where it stands, and who has borrowed it.

CREATE TABLE branches (
  id integer PRIMARY KEY,
  name text NOT NULL,
  district text NOT NULL,
  opened_on date NOT NULL
);

CREATE TABLE genres (
  id integer PRIMARY KEY,
  name text NOT NULL UNIQUE
);

CREATE TABLE books (
  id integer PRIMARY KEY,
  title text NOT NULL,
  genre_id integer NOT NULL REFERENCES genres (id),
  language text NOT NULL,
  published_year integer NOT NULL,
  pages integer NOT NULL
);

CREATE TABLE copies (
  id integer PRIMARY KEY,
  book_id integer NOT NULL REFERENCES books (id),
  branch_id integer NOT NULL REFERENCES branches (id),
  acquired_on date NOT NULL,
  -- new, good, worn or lost
  condition text NOT NULL,
  price_cents integer NOT NULL
);

CREATE TABLE members (
  id integer PRIMARY KEY,
  -- adult, child or senior
  membership text NOT NULL,
  home_branch_id integer NOT NULL REFERENCES branches (id),
  joined_on date NOT NULL
);

CREATE TABLE loans (
  id integer PRIMARY KEY,
  copy_id integer NOT NULL REFERENCES copies (id),
  member_id integer NOT NULL REFERENCES members (id),
  loaned_on date NOT NULL,
  due_on date NOT NULL,
  -- empty while the copy is out
  returned_on date
);

CREATE TABLE fines (
  id integer PRIMARY KEY,
  loan_id integer NOT NULL REFERENCES loans (id),
  amount_cents integer NOT NULL,
  -- empty while the fine is open
  paid_on date
);

CREATE TABLE reservations (
  id integer PRIMARY KEY,
  book_id integer NOT NULL REFERENCES books (id),
  member_id integer NOT NULL REFERENCES members (id),
  placed_on date NOT NULL,
  -- empty while the member waits
  fulfilled_on date
);
