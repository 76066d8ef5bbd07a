// One life of the server: reads the configuration, starts, greets, and at the stop finishes what is in flight.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { startApp } from './app.ts';
import { readConfig } from './config.ts';
import { greeting } from './greeting.ts';

/** A start that hangs, on a database that does not answer, is left alone after this: it has promised nothing yet. */
const START_MS = 8000;

/** @throws Error with one clear line when it cannot start, or cannot stop in good order. */
export async function run(env: NodeJS.ProcessEnv, stop: AbortSignal): Promise<void> {
  const config = readConfig(env);
  if (stop.aborted) return;
  const stopped = once(stop, 'abort');
  const log = pino({ level: config.LOG_LEVEL }, pino.destination({ dest: 2, sync: true }));

  const starting = startApp(config, { log, version: packageJson.version });
  const tooLate = stopped.then(() => sleep(START_MS, null));
  const app = await Promise.race([starting, tooLate]);
  if (app === null) return;
  await using _ = app;

  if (!stop.aborted) {
    for await (const line of greeting(app, config, packageJson.version)) console.log(line);
  }
  await stopped;
  log.info('stopping: finishing what is in flight');
}
