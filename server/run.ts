// One life of the server: reads the configuration, starts, greets, and at the stop finishes what is in flight.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { pino, stdTimeFunctions } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { type App, startApp } from './app.ts';
import { type Config, readConfig, secretsOf } from './config.ts';
import { greeting } from './greeting.ts';
import { type Redact, redactionOf } from './redaction.ts';

/** A start that hangs, on a database that does not answer, is left alone after this: it has promised nothing yet. */
const START_MS = 8000;
/**
 * What is in flight gets this long to end in good order: the requests, then one request to a provider and its record.
 * What hangs longer, on a database that does not answer, is left as a kill would leave it: what was acknowledged is kept.
 */
const STOP_MS = 45_000;
/** Of the log, in characters. */
const MOST_UNWRITTEN = 1_000_000;

/** @throws Error with one clear line, without secrets, when it cannot start, or cannot stop in good order. */
export async function run(env: NodeJS.ProcessEnv, stop: AbortSignal): Promise<void> {
  const config = readConfig(env);
  const redact = redactionOf(secretsOf(config).all);
  // Node would print it with all that is nested in it.
  process.once('uncaughtException', (error) => {
    console.error(redact(inspect(error)));
    process.exit(1);
  });
  try {
    if (!stop.aborted) await live(config, redact, stop);
  } catch (error) {
    throw new Error(redact(error instanceof Error ? error.message : String(error)));
  }
}

/** Where it cannot be written, as on a full disk, nothing ends by that: some lines are kept for later, others lost. */
function openLog() {
  const lines = pino.destination({ dest: 2, sync: true, maxLength: MOST_UNWRITTEN });
  lines.on('error', () => {});
  return lines;
}

async function greet(app: App, config: Config, redact: Redact): Promise<void> {
  for await (const line of greeting(app, config, packageJson.version)) console.log(redact(line));
}

async function live(config: Config, redact: Redact, stop: AbortSignal): Promise<void> {
  const stopped = once(stop, 'abort');
  const log = pino(
    {
      level: config.LOG_LEVEL,
      // For people at a terminal as well as for programs: a time and a level that both can read.
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Every line, with all that is nested in it, as it is about to be written.
      hooks: { streamWrite: redact },
    },
    openLog(),
  );

  const starting = startApp(config, { log, version: packageJson.version });
  const tooLate = stopped.then(() => sleep(START_MS, null));
  const app = await Promise.race([starting, tooLate]);
  if (app === null) return;
  try {
    if (!stop.aborted) {
      await greet(app, config, redact).catch((error: unknown) =>
        log.warn({ err: error }, 'it serves, but the greeting could not be told to its end'),
      );
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
