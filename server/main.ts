// The entry: reads the configuration, starts, says where it is, and stops in good order.
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { type App, startApp } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { ensureSample } from './sample.ts';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino({ level: config.LOG_LEVEL }, pino.destination({ dest: 2, sync: true }));
  const app = await startApp(config, { log, version: packageJson.version });
  await greet(app, config);

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping; finishing what is in flight');
    app[Symbol.asyncDispose]().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop in good order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function greet(app: App, config: Config): Promise<void> {
  if (app.url === null) {
    console.log(`goldtune ${packageJson.version} works on the queue; it serves no HTTP in the role "worker".`);
    return;
  }
  console.log(`goldtune ${packageJson.version} listens on ${app.url}`);
  console.log(`  database  ${config.DATABASE_URL ? 'Postgres' : `embedded, in ${config.DATA_DIR}`}`);
  console.log(
    `  provider  ${app.sandboxUrl ? 'sandbox: nothing is trained, nothing is billed' : (config.OPENAI_BASE_URL ?? 'OpenAI')}`,
  );
  console.log(`  API       ${app.url}/openapi.json`);
  if (config.DATABASE_URL || !app.sandboxUrl) return;
  const connection = await ensureSample(app.service);
  console.log(`\nStart a run on the database connection "${connection.alias}":\n`);
  const key = config.ADMIN_API_KEY ? ` -H 'Authorization: Bearer '"$ADMIN_API_KEY"` : '';
  console.log(`  curl -X POST ${app.url}/api/v1/finetunings${key} -H 'Content-Type: application/json' \\`);
  console.log(`    -d '{"db_connection_id": "${connection.id}", "alias": "my_model"}'\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
