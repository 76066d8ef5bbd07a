// The sample a newcomer finds: a database connection with golden records of its own, on an empty installation.
import { readFile } from 'node:fs/promises';
import { newGoldenRecord } from './finetuning/contract/golden-records.ts';
import { readRecords } from './finetuning/golden-records/import-file.ts';
import type { DbConnection } from './finetuning/record.ts';
import type { Service } from './finetuning/service.ts';

const SAMPLE = new URL('../examples/library/', import.meta.url);

/** The newest connection there is; the sample, just loaded, where there was none. */
export async function ensureSample(service: Service): Promise<DbConnection> {
  const [existing] = await service.dbConnections.list({ limit: 1 });
  if (existing) return existing;
  const connection = await service.dbConnections.create({
    alias: 'library',
    dialect: 'postgresql',
    schema_sql: await readFile(new URL('schema.sql', SAMPLE), 'utf8'),
  });
  const records = [];
  for await (const record of readRecords(await readFile(new URL('golden-records.jsonl', SAMPLE), 'utf8'), 'jsonl')) {
    records.push(newGoldenRecord.parse({ ...record, db_connection_id: connection.id }));
  }
  await service.goldenRecords.add(records);
  return connection;
}
