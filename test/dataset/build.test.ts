// The training file: its bytes, its figures, and that neither needs memory for all of it.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { unlistedModel } from '../../server/finetuning/catalogue.ts';
import { datasetLines, measureDataset } from '../../server/finetuning/dataset/build.ts';
import { trainingExample } from '../../server/finetuning/dataset/example.ts';
import { createTokenCounter } from '../../server/finetuning/dataset/tokens.ts';
import { models } from '../../server/provider/models.ts';

type GoldenRecord = { id: string; prompt_text: string; sql: string };

const model = models.find(({ name }) => name === 'gpt-3.5-turbo-0613') ?? expect.fail('no such model');
const most = model.max_example_tokens ?? expect.fail('it has no limit');
const systemPrompt = 'Answer with SQL.';
const record = (id: string, prompt_text = `Größe ${id}?`): GoldenRecord => ({ id, prompt_text, sql: `SELECT ${id};` });

async function* inBatches(...batches: GoldenRecord[][]) {
  yield* batches;
}

async function file(prompt: string, batches: AsyncIterable<GoldenRecord[]>) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of datasetLines(prompt, batches)) chunks.push(chunk);
  return { chunks, content: Buffer.concat(chunks) };
}

describe('the training file', () => {
  it('has one line for each record, in order, across all batches', async () => {
    const { content } = await file(systemPrompt, inBatches([record('1'), record('2')], [], [record('3')]));
    const lines = ['1', '2', '3'].map((id) => trainingExample(systemPrompt, record(id)));
    expect(content.toString()).toBe(lines.join(''));
  });

  it('comes in small chunks even when the schema in every line is long', async () => {
    const schema = 'x'.repeat(100_000);
    const { chunks } = await file(schema, inBatches(Array.from({ length: 50 }, (_, i) => record(String(i)))));
    expect(chunks).toHaveLength(50);
  });

  it('comes in few chunks when the lines are short', async () => {
    const { chunks } = await file('', inBatches(Array.from({ length: 500 }, (_, i) => record(String(i)))));
    expect(chunks.length).toBeLessThan(5);
  });
});

describe('measuring a dataset', () => {
  it('gives the examples, tokens, bytes and hash of exactly the file that will be uploaded', async () => {
    const batches = () => inBatches([record('1'), record('2')], [record('3')]);
    const { content } = await file(systemPrompt, batches());
    const count = await createTokenCounter(model.encoding, systemPrompt);
    expect(await measureDataset({ systemPrompt, batches: batches(), model })).toEqual({
      examples: 3,
      tokens: count(record('1')) + count(record('2')) + count(record('3')),
      bytes: content.length,
      content_hash: createHash('sha256').update(content).digest('hex'),
      over_long: [],
      tokens_margin: 0,
      perhaps_over_long: 0,
    });
  });

  it('names each record the model would cut, with its tokens, and takes one of just the right length', async () => {
    const count = await createTokenCounter(model.encoding, systemPrompt);
    const empty = count(record('1', ''));
    const filled = (id: string, tokens: number) => record(id, ' a'.repeat(tokens - empty));
    const measures = await measureDataset({
      systemPrompt,
      batches: inBatches([filled('1', most), filled('2', most + 1)]),
      model,
    });
    expect(measures).toMatchObject({
      examples: 1,
      tokens: most,
      over_long: [{ id: '2', tokens: most + 1 }],
    });
  });

  it('by an estimate refuses only what is too long for certain, and counts what may be', async () => {
    const count = await createTokenCounter(model.encoding, systemPrompt);
    const empty = count(record('1', ''));
    const filled = (id: string, tokens: number) => record(id, ' a'.repeat(Math.floor(tokens) - empty));
    const measures = await measureDataset({
      systemPrompt,
      batches: inBatches([
        filled('1', most * 0.75),
        filled('2', most * 0.85),
        filled('3', most * 1.2),
        filled('4', most * 1.3),
      ]),
      model: { ...model, tokens: { exact: false, margin: 0.2 } },
    });
    expect(measures).toMatchObject({ examples: 3, tokens_margin: 0.2, perhaps_over_long: 2, over_long: [{ id: '4' }] });
    expect(measures.over_long).toHaveLength(1);
  });

  it('refuses nothing for its length where nobody says how long an example may be', async () => {
    const measures = await measureDataset({
      systemPrompt,
      batches: inBatches([record('1', ' a'.repeat(100_000))]),
      model: unlistedModel('whatever'),
    });
    expect(measures).toMatchObject({ examples: 1, over_long: [], perhaps_over_long: 0 });
  });

  it('lets the server go on with other work meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const batch = Array.from({ length: 50_000 }, (_, i) => record(String(i)));
    await measureDataset({ systemPrompt, batches: inBatches(batch), model });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});
