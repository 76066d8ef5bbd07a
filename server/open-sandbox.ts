// Opens the built-in sandbox. Its ledger is a file under DATA_DIR, or stands on the Postgres that processes share: what
// a run lives in is then the same for all of them.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from './finetuning/dependencies.ts';
import { DomainError } from './finetuning/errors.ts';
import { isLocal } from './http/loopback.ts';
import { models } from './provider/models.ts';
import { openLedger, type Served, serveSandbox, startSandbox } from './provider/sandbox/server.ts';
import { openSharedLedger } from './provider/sandbox/shared-ledger.ts';
import { LIVELY_PACE } from './provider/sandbox/timeline.ts';
import type { Database } from './storage/database.ts';
import { openRunsByLedger } from './storage/provider-accounts.ts';
import { hasRunsAt, sandboxShelf } from './storage/sandbox-shelf.ts';

export type SandboxSettings = {
  /** DATA_DIR. */
  directory: string;
  /** Whether the database serves other processes too. */
  isShared: boolean;
  timeScale: number;
};

export type OpenSandbox = Served & {
  /** The only key that it takes, made at each start: others on this machine reach its port too. */
  apiKey: string;
  /** As runs are recorded with it. */
  ledger: string;
};

const nameOf = (id: string) => `sandbox:${id}`;

/** @param now milliseconds since 1970, the same for all processes on the database */
export async function openSandbox(
  { directory, isShared, timeScale }: SandboxSettings,
  db: Database,
  now: () => number,
  log: Log,
): Promise<OpenSandbox> {
  const ledgerPath = join(directory, 'sandbox.sqlite');
  const apiKey = `sandbox-${randomBytes(32).toString('hex')}`;
  const serving = {
    apiKey,
    isLocal,
    timeScale,
    pace: LIVELY_PACE,
    models: models.map((model) => model.name),
    onFailure: (error: unknown) => tell(log, error),
  };
  if (!isShared) {
    const { ledger, ...served } = await startSandbox({ ledgerPath, ...serving });
    return { ...served, apiKey, ledger: nameOf(ledger.id) };
  }
  const shared = await shareLedger(ledgerPath, db, now, log);
  return { ...(await serveSandbox(shared, serving)), apiKey, ledger: nameOf(shared.id) };
}

/** Earlier versions kept the ledger in a file beside Postgres too: it goes on where runs of this database live in it. */
async function shareLedger(path: string, db: Database, now: () => number, log: Log) {
  const shelf = sandboxShelf(db);
  if (!existsSync(path)) return openSharedLedger(shelf, now, null);
  const kept = openLedger({ ledgerPath: path });
  try {
    const ledger = nameOf(kept.id);
    const shared = await openSharedLedger(shelf, now, (await hasRunsAt(db, ledger)) ? kept : null);
    const left = (await openRunsByLedger(db)).find((group) => group.ledger === ledger);
    if (left && shared.id !== kept.id) {
      log.error(
        { file: path, lives_in: ledger, shared: nameOf(shared.id), runs: left.runs },
        'runs live in this sandbox file of an earlier version, but the database has another sandbox already, so they are neither followed nor stopped; the sandbox trains and bills nothing: create them anew',
      );
    }
    return shared;
  } finally {
    kept.close();
  }
}

/** The cause alone: what is around it repeats the statement with all that was to be stored. */
function tell(log: Log, error: unknown): 500 | 503 {
  const about = { err: causeOf(error) };
  if (error instanceof DomainError && error.code === 'unavailable') {
    log.warn(about, 'the sandbox could not reach its ledger');
    return 503;
  }
  log.error(about, 'the sandbox failed');
  return 500;
}

const causeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? causeOf(error.cause) : error;
