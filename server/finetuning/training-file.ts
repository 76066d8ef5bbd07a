// The training file of a run, written to disk from what was pinned, so that an upload needs no memory and no database.
import { createHash } from 'node:crypto';
import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { datasetLines } from './dataset/build.ts';
import type { Dependencies } from './dependencies.ts';
import { recordBatches } from './golden-records/batches.ts';
import type { Finetuning } from './record.ts';

export type TrainingFile = AsyncDisposable & { file: File; content_hash: string };

/** The file is removed from disk when the result is disposed of. */
export async function buildTrainingFile(
  { store, scratch }: Pick<Dependencies, 'store' | 'scratch'>,
  finetuning: Finetuning,
  name: string,
): Promise<TrainingFile> {
  const prompt = await store.finetunings.systemPrompt(finetuning.organization_id, finetuning.id);
  const directory = await mkdtemp(join(scratch(), 'training-'));
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const path = join(directory, name);
    const hash = createHash('sha256');
    const ids = await store.finetunings.recordIds(finetuning.organization_id, finetuning.id);
    const records = recordBatches(store, finetuning, ids, 'all');
    await pipeline(
      datasetLines(prompt, records),
      new Transform({
        transform(chunk, _encoding, done) {
          hash.update(chunk);
          done(null, chunk);
        },
      }),
      createWriteStream(path, { mode: 0o600 }),
    );
    const content = await openAsBlob(path, { type: 'application/jsonl' });
    return { file: new File([content], name), content_hash: hash.digest('hex'), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
