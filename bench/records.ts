// Golden records as users have them: a question of a sentence, and a statement that joins and counts.

export type NewRecord = { db_connection_id: string; prompt_text: string; sql: string };

export const recordsFrom = (first: number, count: number, db_connection_id: string): NewRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    db_connection_id,
    prompt_text: `Which authors wrote more than ${(first + index) % 1000} books after the year ${first + index}, and how many were they?`,
    sql: `SELECT authors.name, count(*) AS books FROM authors JOIN books ON books.author_id = authors.id WHERE books.written > ${first + index} GROUP BY authors.name HAVING count(*) > ${(first + index) % 1000} ORDER BY books DESC`,
  }));
