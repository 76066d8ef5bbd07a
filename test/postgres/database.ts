// A database of a test's own, copied from the template and dropped in the end.
import { randomBytes } from 'node:crypto';
import { DatabaseError } from 'pg';
import { inject } from 'vitest';
import { until } from '../until.ts';
import { execute } from './execute.ts';

export type TestDatabase = AsyncDisposable & { url: string };

export async function createDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `goldtune_${process.pid}_${randomBytes(4).toString('hex')}`;
  await until(() => copyTemplate(server, name), `database ${name} is copied from the template`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      await execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** False while another copy keeps the template busy. */
async function copyTemplate(server: string, name: string): Promise<boolean> {
  try {
    // Copied block by block, as is the default, it takes twice the processor time.
    await execute(server, `CREATE DATABASE ${name} TEMPLATE ${inject('templateDatabase')} STRATEGY file_copy`);
    return true;
  } catch (error) {
    const objectInUse = '55006';
    if (error instanceof DatabaseError && error.code === objectInUse) return false;
    throw error;
  }
}
