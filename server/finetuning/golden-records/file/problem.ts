// What is wrong with a file of golden records, and where.

export type Field = 'prompt_text' | 'sql' | 'metadata';

export type Problem = {
  /** Zero-based, among the records; null: it is the file itself. */
  index: number | null;
  /** As an editor counts them, from 1; null: it is the file as a whole. */
  line: number | null;
  field: Field | null;
  /** What is wrong, and what to do about it. */
  message: string;
};

/** How many are kept of the records that cannot be used; the rest is counted. */
export const MOST_PROBLEMS = 100;

/** Nothing of the file is used. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile';
  /** In the order of the file, at most the first hundred. */
  readonly problems: readonly Problem[];
  /** How many there are, those that were not kept included. */
  readonly count: number;

  constructor(problems: readonly Problem[], count = problems.length) {
    super(problems[0]?.message ?? 'the file cannot be read');
    this.problems = problems;
    this.count = count;
  }
}

/** Of the file as a whole, or from this line on. */
export const unreadable = (message: string, line: number | null = null): UnreadableFile =>
  new UnreadableFile([{ index: null, line, field: null, message }]);
