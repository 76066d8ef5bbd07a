// The training file as bytes, and its measures, from golden records that come in batches. Neither holds the file.
import { createHash } from 'node:crypto';
import type { CatalogueModel } from '../catalogue.ts';
import { trainingExample } from './example.ts';
import { timeSlice } from './time-slice.ts';
import { createTokenCounter } from './tokens.ts';

type RecordBatches = AsyncIterable<readonly { id: string; prompt_text: string; sql: string }[]>;

export type DatasetMeasures = {
  examples: number;
  /** Tokens of one epoch. */
  tokens: number;
  /** By how much they may be more or fewer, as a part of them; 0: they are exact. */
  tokens_margin: number;
  bytes: number;
  /** SHA-256 of the training file, in hex. */
  content_hash: string;
  /** The records that make an example longer than the model takes. They are left out of the other measures. */
  over_long: { id: string; tokens: number }[];
  /** How many of the examples may be longer than the model takes: by an estimate nobody can tell. */
  perhaps_over_long: number;
};

/** A schema text can be long, so a chunk ends by its size, not by its number of records. */
const CHUNK_BYTES = 64 * 1024;

/** The training file, as UTF-8 in chunks. */
export async function* datasetLines(systemPrompt: string, batches: RecordBatches): AsyncGenerator<Uint8Array> {
  for await (const batch of batches) {
    let lines: Buffer[] = [];
    let bytes = 0;
    for (const record of batch) {
      const line = Buffer.from(trainingExample(systemPrompt, record));
      lines.push(line);
      bytes += line.length;
      if (bytes < CHUNK_BYTES) continue;
      yield Buffer.concat(lines, bytes);
      lines = [];
      bytes = 0;
    }
    if (bytes > 0) yield Buffer.concat(lines, bytes);
  }
}

/** Measures the training file that `datasetLines` would make, in one pass. */
export async function measureDataset({
  systemPrompt,
  batches,
  model,
}: {
  systemPrompt: string;
  batches: RecordBatches;
  model: CatalogueModel;
}): Promise<DatasetMeasures> {
  const countTokens = await createTokenCounter(model.encoding, systemPrompt);
  const pause = timeSlice();
  const hash = createHash('sha256');
  const over_long: DatasetMeasures['over_long'] = [];
  const tokens_margin = model.tokens.exact ? 0 : model.tokens.margin;
  const most = model.max_example_tokens ?? Number.POSITIVE_INFINITY;
  let perhaps_over_long = 0;
  let examples = 0;
  let tokens = 0;
  let bytes = 0;
  for await (const batch of batches) {
    for (const record of batch) {
      const ofExample = countTokens(record);
      if (ofExample * (1 - tokens_margin) > most) {
        over_long.push({ id: record.id, tokens: ofExample });
      } else {
        const line = Buffer.from(trainingExample(systemPrompt, record));
        hash.update(line);
        examples += 1;
        tokens += ofExample;
        if (ofExample * (1 + tokens_margin) > most) perhaps_over_long += 1;
        bytes += line.length;
      }
      await pause();
    }
  }
  return { examples, tokens, tokens_margin, bytes, content_hash: hash.digest('hex'), over_long, perhaps_over_long };
}
