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
import { type Redact, redactionOf } from './redaction.ts';

/** A start that hangs, on a database that does not answer, is left alone after this: it has promised nothing yet. */
const START_MS = 8000;

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

async function live(config: Config, redact: Redact, stop: AbortSignal): Promise<void> {
  const stopped = once(stop, 'abort');
  const log = openLog(config.LOG_LEVEL, redact);

  const starting = startApp(config, { log, version: packageJson.version });
  const tooLate = stopped.then(() => sleep(START_MS, null));
  const app = await Promise.race([starting, tooLate]);
  if (app === null) return;
  await using _ = app;

  if (!stop.aborted) {
    for await (const line of greeting(app, config, packageJson.version)) console.log(redact(line));
  }
  await stopped;
  log.info('stopping: finishing what is in flight');
}
