// One life of the server: reads the configuration, starts, greets, and at the stop finishes what is in flight.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { startApp } from './app.ts';
import { type Config, readConfig, secretsOf } from './config.ts';
import { errorWords } from './finetuning/error-line.ts';
import { greeting } from './greeting.ts';
import { openLog, shown } from './log.ts';
import { reachedLines } from './provider-lines.ts';
import { type Redact, redactionOf } from './redaction.ts';

/** A start that hangs, on a database that does not answer, is left alone after this: it has promised nothing yet. */
const START_MS = 8000;
/**
 * What is in flight gets this long to end in good order: the requests, then one request to a provider and its record.
 * What hangs longer, on a database that does not answer, is left as a kill would leave it: what was acknowledged is kept.
 */
const STOP_MS = 45_000;

/** @throws Error with one clear line, without secrets, when it cannot start, or cannot stop in good order. */
export async function run(env: NodeJS.ProcessEnv, stop: AbortSignal): Promise<void> {
  const config = readConfig(env);
  const redact = redactionOf(secretsOf(config).all);
  // Node would print it with all that is nested in it.
  process.once('uncaughtException', (error) => {
    console.error(redact(inspect(shown(error))));
    process.exit(1);
  });
  try {
    if (!stop.aborted) await live(config, redact, stop);
  } catch (error) {
    throw new Error(redact(errorWords(error)));
  }
}

async function print(lines: AsyncGenerator<string>, redact: Redact): Promise<void> {
  for await (const line of lines) console.log(redact(line));
}

async function live(config: Config, redact: Redact, stop: AbortSignal): Promise<void> {
  const stopped = once(stop, 'abort');
  const log = openLog(config.LOG_LEVEL, redact);

  const starting = startApp(config, { log, version: packageJson.version });
  const tooLate = stopped.then(() => sleep(START_MS, null));
  const app = await Promise.race([starting, tooLate]);
  if (app === null) return;
  try {
    if (!stop.aborted) {
      const untold = (error: unknown) =>
        log.warn({ err: error }, 'it serves, but the greeting could not be told to its end');
      await print(greeting(app, config, packageJson.version), redact).catch(untold);
      // Nobody waits for a provider that does not answer, a stop neither.
      void print(reachedLines(app.service), redact).catch(untold);
    }
    await stopped;
    log.info('stopping: finishing what is in flight');
  } finally {
    const inGoodOrder = app[Symbol.asyncDispose]().then(() => true);
    if (!(await Promise.race([inGoodOrder, sleep(STOP_MS, false, { ref: false })]))) {
      log.warn({ waited_ms: STOP_MS }, 'stopped without what was still in flight; the next start goes on with it');
    }
  }
}
