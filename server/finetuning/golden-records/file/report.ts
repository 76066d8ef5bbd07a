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
  /** The columns that each field was read from, as the file spells them. */
  taken: Record<Field, string[]>;
  /** The columns that nothing was read from, each once, at most two hundred; and what was left out of a chat. */
  unused: string[];
  /** Rows that are no golden records, and why. */
  skipped: { why: string; count: number }[];
};

const MOST_NAMES = 200;

export class ReportMaker {
  readonly #seen = new Set<string>();
  readonly #beside = new Set<string>();
  readonly #taken: Record<Field, Set<string>> = { prompt_text: new Set(), sql: new Set(), metadata: new Set() };
  readonly #skipped = new Map<string, number>();

  add(cells: readonly Cell[], meaning: Meaning): void {
    for (const { name } of cells) if (name !== '' && this.#seen.size < MOST_NAMES) this.#seen.add(name);
    if (meaning.kind === 'skipped') this.#skipped.set(meaning.why, (this.#skipped.get(meaning.why) ?? 0) + 1);
    if (meaning.kind !== 'record') return;
    const { prompt_text, sql, metadata } = meaning.taken;
    if (prompt_text !== undefined) this.#taken.prompt_text.add(prompt_text);
    if (sql !== undefined) this.#taken.sql.add(sql);
    if (metadata !== undefined) this.#taken.metadata.add(metadata);
    for (const name of meaning.beside) if (this.#beside.size < MOST_NAMES) this.#beside.add(name);
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
