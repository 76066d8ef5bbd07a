// The logs of a run: from the provider that it lives at, as text or as JSON, or a refusal that says why there are none.
import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { plainText } from '../../server/finetuning/log-text.ts';
import type { JobRef, Outcome, PrintedTail, Provider } from '../../server/finetuning/provider.ts';
import { registryOf } from '../../server/provider/registry.ts';
import { foldersOf } from '../../server/provider/slurm/folders.ts';
import { jobNameOf } from '../../server/provider/slurm/names.ts';
import { slurmProvider } from '../../server/provider/slurm/provider.ts';
import { withoutSecrets } from '../../server/provider/without-secrets.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startWorld, type World } from '../world.ts';
import { openFront, providerOf } from './front.ts';

/** Whose trainer has printed this of every job, and of which the wanted end is shown. */
const printing = (world: World, printed: string, change: Partial<Provider> = {}): Provider =>
  providerOf(world, {
    name: 'gpus',
    owns: () => true,
    readLogs: async (_job, most_bytes): Promise<Outcome<PrintedTail>> => ({
      kind: 'done',
      value: {
        text: plainText(Buffer.from(printed).subarray(-most_bytes).toString()),
        whole: Buffer.byteLength(printed) <= most_bytes,
      },
    }),
    ...change,
  });

const logsOf = (url: string, id: string, query = '', headers: Record<string, string> = {}) =>
  fetch(`${url}/api/v1/finetunings/${id}/logs${query}`, { headers });

test('they are plain text, or JSON where that is asked for, and begin with a whole line', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const lines = (loss: string, end: string) =>
    Array.from({ length: 20_000 }, (_, step) => `step ${step} loss ${loss}${end}`).join('');
  const plain = lines('0.5', '\n');
  await using front = await openFront(world, registryOf(printing(world, lines('\u001b[32m0.5\u001b[0m', '\r\n'))));

  const usual = await logsOf(front.url, run.id);
  const text = await usual.text();
  expect([usual.status, usual.headers.get('content-type'), usual.headers.get('logs-cut-off')]).toEqual([
    200,
    'text/plain; charset=utf-8',
    'true',
  ]);
  expect(text).toMatch(/^step \d+ loss 0.5\n/);
  expect(text.length).toBeLessThanOrEqual(65_536);
  expect(plain.endsWith(text)).toBe(true);

  const few = await logsOf(front.url, run.id, '?tail_bytes=40', { accept: 'application/json' });
  const expected = { finetuning_id: run.id, model_provider: 'openai', job_id: run.finetuning_job_id, cut_off: true };
  expect(await few.json()).toEqual({ ...expected, text: 'step 19998 loss 0.5\nstep 19999 loss 0.5\n' });

  const all = await logsOf(front.url, run.id, '?tail_bytes=1048576');
  expect(await all.text()).toBe(plain);
  expect(all.headers.get('logs-cut-off')).toBeNull();
  expect(await front.trpc.finetunings.logs.query({ id: run.id, tail_bytes: 40 })).toMatchObject({ cut_off: true });
  for (const most of ['0', '1048577', 'all']) {
    expect((await logsOf(front.url, run.id, `?tail_bytes=${most}`)).status).toBe(422);
  }
});

test('where there are none, the answer says why', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const queued = await world.create();
  const why = async (url: string, id: string) => {
    const answer = await logsOf(url, id);
    return [answer.status, Object(await answer.json()).detail];
  };
  expect(await why(`${world.app.url}`, run.id)).toEqual([404, 'Provider openai shows no logs']);
  expect(await why(`${world.app.url}`, 'a'.repeat(24))).toEqual([404, expect.stringContaining('Finetuning not found')]);

  const gone = providerOf(world, { name: 'other' });
  await using elsewhere = await openFront(world, registryOf(gone));
  expect(await why(elsewhere.url, run.id)).toEqual([
    404,
    `Provider openai is not configured any more; configure it again to read logs of ${run.id}`,
  ]);

  const refusing = (outcome: Outcome<PrintedTail>) =>
    registryOf(printing(world, '', { readLogs: async () => outcome }));
  const refusal = (code: 'missing' | 'busy') =>
    refusing({ kind: 'refused', refusal: { code, message: 'no such file', status: 404 } });
  await using purged = await openFront(world, refusal('missing'));
  expect(await why(purged.url, run.id)).toEqual([404, 'Provider gpus shows no logs of this job: no such file']);
  await using busy = await openFront(world, refusal('busy'));
  expect(await why(busy.url, run.id)).toEqual([503, expect.stringContaining('Provider gpus is asked too often')]);
  await using silent = await openFront(world, refusing({ kind: 'unknown', reason: 'connection reset' }));
  expect(await why(silent.url, run.id)).toEqual([
    503,
    'Provider gpus does not show the logs just now: connection reset; try again a little later.',
  ]);
  await expect(silent.trpc.finetunings.logs.query({ id: run.id })).rejects.toMatchObject({
    data: { reason: 'unavailable' },
  });

  // Created at a provider whose worker is not here: it is never submitted.
  await using front = await openFront(world, registryOf(printing(world, 'x', { ledger: 'gpus' })));
  const { id } = await front.trpc.finetunings.create.mutate({ db_connection_id: queued.db_connection_id });
  expect(await why(front.url, id)).toEqual([
    404,
    `Finetuning ${id} has no logs, since it has no job at provider gpus yet; ask again once it is submitted`,
  ]);
});

test('those of another organization are not there, and its provider is not asked', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const asked: JobRef[] = [];
  const spying = printing(world, '', {
    readLogs: async (job) => {
      asked.push(job);
      return { kind: 'done', value: { text: 'secret of the first', whole: true } };
    },
  });
  await using other = await openFront(world, registryOf(spying), { organization_id: 'b'.repeat(24) });
  const answer = await logsOf(other.url, run.id);
  expect([answer.status, await answer.text()]).toEqual([404, expect.not.stringContaining('secret')]);
  expect(asked).toEqual([]);
});

test('a secret of this configuration that a trainer prints is cut out, also where the end begins within it', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const secret = `sk-${'0123456789'.repeat(20)}`;
  const printed = `before\nexport KEY=${secret}${'\nafter'.repeat(20)}`;
  const clean = { text: (text: string) => text.replaceAll(secret, '***'), spoils: () => false };
  await using front = await openFront(world, registryOf(withoutSecrets(printing(world, printed), clean)));
  for (const tail of [50, 130, 200, 300, 1000]) {
    const text = await (await logsOf(front.url, run.id, `?tail_bytes=${tail}`)).text();
    expect([tail, text]).toEqual([tail, expect.not.stringMatching(/\d{3}/)]);
    expect(text).toContain('after');
  }
});

/** One that reads the log of a job's folder, as on a cluster; of no other thing of it anything is asked here. */
async function folderOf(world: World, log: string) {
  const directory = await temporaryDirectory();
  const file = `${'a'.repeat(24)}.1.${'b'.repeat(16)}`;
  const folder = foldersOf(directory.path).job(file);
  await mkdir(folder.root, { recursive: true });
  await writeFile(folder.log, log);
  const slurm = slurmProvider({
    name: 'gpus',
    address: 'http://127.0.0.1:1',
    apiVersion: 'v0.0.38',
    user: 'nobody',
    token: null,
    directory: directory.path,
    command: 'train {training_file}',
    models: [],
    timeoutMs: 60_000,
    ledger: 'slurm',
  });
  const job = { id: '1', name: jobNameOf(file), incarnation: null };
  const readLogs: Provider['readLogs'] = async (_job, most_bytes) =>
    (await slurm.readLogs?.(job, most_bytes)) ?? { kind: 'unknown', reason: 'it shows none' };
  return { provider: printing(world, '', { readLogs }), [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

test.each(['\u001b[31m', '\u0008', '\u0000', '\u001b[0m\u001b[2K'])(
  'a secret is cut out of a job’s log also where %j stands in it',
  async (within) => {
    await using world = await startWorld();
    const run = await world.createIn('running');
    const secret = 'sk-0123456789abcdef';
    await using gpus = await folderOf(world, `KEY=${secret.slice(0, 9)}${within}${secret.slice(9)}\nend\n`);
    const clean = { text: (text: string) => text.replaceAll(secret, '***'), spoils: () => false };
    await using front = await openFront(world, registryOf(withoutSecrets(gpus.provider, clean)));
    expect(await (await logsOf(front.url, run.id)).text()).toBe('KEY=***\nend\n');
  },
);

test('of a progress bar that draws its line anew as much is shown as is asked for, and what stands before is told', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const bar = Array.from({ length: 20_000 }, (_, step) => `\r step ${step}`).join('');
  await using gpus = await folderOf(world, `first\n${bar}\nlast\n`);
  await using front = await openFront(world, registryOf(gpus.provider));
  const logs = (tail_bytes: number) => front.trpc.finetunings.logs.query({ id: run.id, tail_bytes });
  const some = await logs(65_536);
  expect(some.cut_off).toBe(true);
  expect(some.text).toMatch(/^ step \d+\n step.* step 19999\nlast\n$/s);
  expect(some.text.length).toBeGreaterThan(65_500);
  expect(await logs(1_048_576)).toMatchObject({ cut_off: false, text: expect.stringMatching(/^first\n/) });

  // All that is read beyond what is shown is one line: there is more before it all the same.
  await using long = await folderOf(world, `first\n${'x'.repeat(10_000)}\n${'y'.repeat(95)}\nend\n`);
  await using other = await openFront(world, registryOf(long.provider));
  expect(await other.trpc.finetunings.logs.query({ id: run.id, tail_bytes: 100 })).toMatchObject({
    text: `${'y'.repeat(95)}\nend\n`,
    cut_off: true,
  });
});
