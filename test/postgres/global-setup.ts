// One Postgres a test run, with a template database that is up to date: a copy of it takes about 30 ms.
import type { TestProject } from 'vitest/node';
import { prepareDatabase } from '../prepare.ts';
import { execute } from './execute.ts';
import { startPostgres } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
    templateDatabase: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const resources = new AsyncDisposableStack();
  const given = process.env['TEST_DATABASE_URL'];
  const url = given ?? resources.use(await startPostgres()).url();
  const template = process.env['TEST_TEMPLATE_DATABASE'] ?? (await makeTemplate(url, resources));

  project.provide('postgresUrl', url);
  project.provide('templateDatabase', template);
  return () => resources.disposeAsync();
}

async function makeTemplate(server: string, resources: AsyncDisposableStack): Promise<string> {
  const template = `goldtune_template_${process.pid}`;
  await execute(server, `CREATE DATABASE ${template}`);
  resources.defer(async () => {
    await execute(server, `DROP DATABASE IF EXISTS ${template}`);
  });
  const url = new URL(server);
  url.pathname = `/${template}`;
  await prepareDatabase({ url: url.href });
  return template;
}
