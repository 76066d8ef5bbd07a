// goldtune in front of a real Slurm: runs are made and stopped over HTTP, and judged by processes and by what was trained.
import { chownSync, lchownSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTRPCClient, httpLink } from '@trpc/client';
import { expect, inject } from 'vitest';
import type { Cluster } from '../../examples/slurm/local/cluster.ts';
import { processesOf } from '../../examples/slurm/local/processes.ts';
import { tinyCommand } from '../../examples/slurm/local/tiny-command.ts';
import { startApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { AppRouter } from '../../server/http/trpc/router.ts';
import { copyTemplate } from '../embedded/template.ts';
import { startProcess } from '../process/child.ts';
import { until } from '../until.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const AS_USER = new URL('as-user.ts', import.meta.url).pathname;
/** Records there are, and steps of an epoch. */
const RECORDS = 12;

type Options = {
  /** How the token is given; left out, as SLURM_JWT, which the cluster gives. */
  env?: Record<string, string>;
  /** Left out: in this process, as whoever it runs as. */
  user?: { uid: number; gid: number };
};

/** goldtune with the cluster as its one provider. */
export async function openRuns(cluster: Cluster, { env, user }: Options = {}) {
  await using parts = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'goldtune-test-'));
  parts.defer(() => rm(directory, { recursive: true, force: true }));
  copyTemplate(inject('embeddedTemplate'), directory);
  const { address, apiVersion, user: name, shared, partition, token } = cluster;
  const provider = {
    name: 'own-gpus',
    kind: 'slurm',
    address,
    api_version: apiVersion,
    user: name,
    ...(address.startsWith('unix:') ? {} : { token_env: 'SLURM_JWT' }),
    directory: shared,
    partition,
    command: tinyCommand('--pause-ms 100'),
    default_model: 'bigram',
  };
  const path = join(directory, 'providers.json');
  await writeFile(path, JSON.stringify({ providers: [provider] }));
  const variables = {
    PORT: '0',
    DATA_DIR: directory,
    PROVIDERS_FILE: path,
    POLL_INTERVAL_MS: '100',
    SETTLE_WINDOW_MS: '3000',
    PROVIDER_TIMEOUT_MS: '3000',
    CANCEL_WAIT_MS: '120000',
    ...(env ?? { SLURM_JWT: token }),
  };
  const url = user ? await asUser(user) : (parts.use(await startApp(readConfig(variables), APP)).url ?? '');
  const trpc = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc` })] });

  async function asUser({ uid, gid }: { uid: number; gid: number }): Promise<string> {
    give(directory, uid, gid);
    const child = startProcess([AS_USER, String(uid), String(gid)], { LOG_LEVEL: 'error', ...variables });
    parts.use(child);
    return await child.url;
  }

  async function create(n_epochs: number): Promise<string> {
    const connection = await trpc.dbConnections.create.mutate({ alias: 'library' });
    await trpc.goldenRecords.add.mutate(
      Array.from({ length: RECORDS }, (_, index) => ({
        prompt_text: `How many books have an id above ${index}?`,
        sql: `SELECT count(*) FROM books WHERE id > ${index}`,
        db_connection_id: connection.id,
      })),
    );
    const made = await trpc.finetunings.create.mutate({
      db_connection_id: connection.id,
      base_llm: { model_provider: 'own-gpus', model_name: 'bigram', model_parameters: { n_epochs: String(n_epochs) } },
    });
    return made.id;
  }

  const reached = (id: string, status: string) =>
    until(async () => {
      const seen = await trpc.finetunings.get.query({ id });
      return seen.status === status ? seen : null;
    }, `run ${id} is ${status}`);

  const events = (id: string) => trpc.finetunings.events.query({ id, limit: 1000 });

  /** The first event of that type. */
  const said = (id: string, type: string) =>
    until(
      async () => (await events(id)).find((event) => event.type === type) ?? null,
      `${type} is among the events of ${id}`,
    );

  const processes = (id: string) => processesOf(join(shared, 'jobs', `${id}.`)).map(({ command }) => command);

  /** Of all its attempts, by the trainers' own output. */
  async function steps(id: string): Promise<number[]> {
    const jobs = (await readdir(join(shared, 'jobs')).catch(() => [])).filter((folder) => folder.startsWith(`${id}.`));
    const logs = await Promise.all(
      jobs.map((folder) =>
        readFile(join(shared, 'jobs', folder, 'output', 'trainer_log.jsonl'), 'utf8').catch(() => ''),
      ),
    );
    return logs.flatMap((log) =>
      log
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => Number(JSON.parse(line).current_steps)),
    );
  }

  const trains = (id: string) => until(async () => (await steps(id)).length > 2, `run ${id} trains`);

  /** It has, from its first step to its last, and no step twice. */
  async function hasTrainedOnce(id: string, n_epochs: number): Promise<void> {
    expect(await steps(id)).toEqual(Array.from({ length: n_epochs * RECORDS }, (_, step) => step + 1));
  }

  /** Said to be cancelled, and nothing of it runs, or ever trains again. */
  async function isStopped(id: string): Promise<void> {
    expect((await reached(id, 'cancelled')).status).toBe('cancelled');
    expect(processes(id)).toEqual([]);
    const stood = (await steps(id)).length;
    await cluster.settle();
    expect((await steps(id)).length).toBe(stood);
    expect(processes(id)).toEqual([]);
  }

  const running = parts.move();
  return {
    trpc,
    create,
    reached,
    events,
    said,
    processes,
    steps,
    trains,
    hasTrainedOnce,
    isStopped,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const APP = { log: silent, version: 'test' };

export function give(directory: string, uid: number, gid: number): void {
  chownSync(directory, uid, gid);
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(directory, name), uid, gid);
}
