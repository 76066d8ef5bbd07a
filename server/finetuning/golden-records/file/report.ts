// What was made of a file that could be read: how it was understood, and what was left out.
import type { Encoding } from './decode.ts';
import type { Field } from './problem.ts';
import type { Meaning } from './record.ts';
import type { Cell } from './row.ts';
import type { Shape } from './shape.ts';

export type FileReport = {
  kind: Shape['kind'];
  delimiter: Shape['delimiter'];
  encoding: Encoding;
  /** The columns that each field was read from, as the file spells them; of very many spellings the first twenty. */
  taken: Record<Field, string[]>;
  /** The columns that nothing was read from, each once, at most two hundred; and what was left out of a chat. */
  unused: string[];
  /** Rows that are no golden records, and why; of very many reasons the first twenty. */
  skipped: { why: string; count: number }[];
};

const MOST_NAMES = 200;
/** Of what is told in a few words. */
const FEW = 20;

export class ReportMaker {
  readonly #seen = new Set<string>();
  readonly #beside = new Set<string>();
  readonly #taken: Record<Field, Set<string>> = { prompt_text: new Set(), sql: new Set(), metadata: new Set() };
  readonly #skipped = new Map<string, number>();

  add(cells: readonly Cell[], meaning: Meaning): void {
    for (const { name } of cells) if (name !== '' && this.#seen.size < MOST_NAMES) this.#seen.add(name);
    if (meaning.kind === 'skipped') this.#skip(meaning.why);
    if (meaning.kind !== 'record') return;
    const { prompt_text, sql, metadata } = meaning.taken;
    this.#take('prompt_text', prompt_text);
    this.#take('sql', sql);
    this.#take('metadata', metadata);
    for (const name of meaning.beside) if (this.#beside.size < MOST_NAMES) this.#beside.add(name);
  }

  #skip(why: string): void {
    const count = this.#skipped.get(why) ?? 0;
    if (count > 0 || this.#skipped.size < FEW) this.#skipped.set(why, count + 1);
  }

  #take(field: Field, name: string | undefined): void {
    if (name !== undefined && this.#taken[field].size < FEW) this.#taken[field].add(name);
  }

  report({ kind, delimiter }: Shape, encoding: Encoding): FileReport {
    const taken = {
      prompt_text: [...this.#taken.prompt_text],
      sql: [...this.#taken.sql],
      metadata: [...this.#taken.metadata],
    };
    const used = new Set(Object.values(taken).flat());
    return {
      kind,
      delimiter,
      encoding,
      taken,
      unused: [...[...this.#seen].filter((name) => !used.has(name)), ...this.#beside].map((name) => name.slice(0, 60)),
      skipped: [...this.#skipped].map(([why, count]) => ({ why, count })),
    };
  }
}
