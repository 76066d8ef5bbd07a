// What a start prints: where everything is, and on a sandbox of one's own a request that works as it stands.
import type { App } from './app.ts';
import type { Config } from './config.ts';
import { providerLines } from './provider-lines.ts';
import { ensureSample } from './sample.ts';

/** Line by line, the address first: the sample takes a moment to load. */
export async function* greeting(app: App, config: Config, version: string): AsyncGenerator<string> {
  if (config.ROLE === 'worker' || app.url === null) {
    const probes =
      app.url === null ? 'with PORT set, it answers /healthz and /readyz' : `it listens on ${app.url} for probes`;
    yield `goldtune ${version} works on the queue; ${probes}`;
    yield* providerLines(config.providers);
    return;
  }
  yield `goldtune ${version} listens on ${app.url}`;
  yield `  database  ${config.DATABASE_URL ? 'Postgres' : `embedded, in ${config.DATA_DIR}`}`;
  yield* providerLines(config.providers);
  yield `  API       ${app.url}/openapi.json`;
  yield `  docs      ${app.url}/docs`;
  if (app.firstAdministratorLink !== null) {
    yield '\nNobody can sign in yet. This link makes the first administrator, once, within 24 hours:\n';
    yield `  ${app.firstAdministratorLink}\n`;
  } else if (config.PUBLIC_URL) yield `  sign in   ${config.PUBLIC_URL}/auth/sign-in`;
  // What is printed is sent as it stands: to a provider it would cost.
  if (config.DATABASE_URL || config.providers[0]?.kind !== 'sandbox') return;

  const connection = await ensureSample(app.service);
  if (!connection) {
    yield '\nNo database connection has the ten golden records a run needs yet: add some with POST /api/v1/golden-sqls.\n';
    return;
  }
  // What lets somebody in is a cookie then, or a key that they make.
  if (config.PUBLIC_URL && !config.ADMIN_API_KEY) return;
  const key = config.ADMIN_API_KEY ? ` -H 'Authorization: Bearer '"$ADMIN_API_KEY"` : '';
  yield `\nStart a run on the database connection "${connection.alias}":\n`;
  yield `  curl -X POST ${app.url}/api/v1/finetunings${key} -H 'Content-Type: application/json' \\`;
  yield `    -d '{"db_connection_id": "${connection.id}", "alias": "my_model"}'\n`;
}
