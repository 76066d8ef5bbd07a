// The sample a newcomer finds: a database connection with golden records of its own, on an empty installation.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { newGoldenRecord } from './finetuning/contract/golden-records.ts';
import { readFile as readRecordsFile } from './finetuning/golden-records/file/read-file.ts';
import type { DbConnection } from './finetuning/record.ts';
import type { Service } from './finetuning/service.ts';

const SAMPLE = new URL('../examples/library/', import.meta.url);
/** On the connection's metadata; an alias may be given twice, and be changed. */
const MARK = { goldtune_sample: 'library' };
const FEWEST_RECORDS = 10;
const PAGE = 1000;

/**
 * A connection that a run can be started on: the sample, or else the newest with enough golden records.
 * An empty installation gets the sample; one whose load was cut off is completed.
 * @returns null where no connection has enough records.
 */
export async function ensureSample(service: Service): Promise<DbConnection | null> {
  const existing = await allConnections(service);
  const marked = existing.find(({ metadata }) => metadata?.['goldtune_sample'] === MARK.goldtune_sample);
  const sample = marked ?? (existing.length === 0 ? await createSample(service) : null);
  if (sample && (await countRecords(service, sample)) === 0) await loadRecords(service, sample);
  for (const connection of sample ? [sample, ...existing] : existing) {
    if ((await countRecords(service, connection)) >= FEWEST_RECORDS) return connection;
  }
  return null;
}

/** Newest first. The sample is the oldest of an installation, as a rule. */
async function allConnections(service: Service): Promise<DbConnection[]> {
  const found: DbConnection[] = [];
  for (;;) {
    const page = await service.dbConnections.list({ limit: PAGE, after: found.at(-1)?.id });
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

const createSample = async (service: Service) =>
  service.dbConnections.create({
    alias: 'library',
    dialect: 'postgresql',
    schema_sql: await readFile(new URL('schema.sql', SAMPLE), 'utf8'),
    metadata: MARK,
  });

/** All or none, in one call. */
async function loadRecords(service: Service, { id }: DbConnection): Promise<void> {
  const { records } = await readRecordsFile(createReadStream(new URL('golden-records.jsonl', SAMPLE)));
  await service.goldenRecords.add(
    records.map(({ record }) => newGoldenRecord.parse({ ...record, db_connection_id: id })),
  );
}

/** Up to as many as a run needs. */
const countRecords = async (service: Service, { id }: DbConnection) =>
  (await service.goldenRecords.list({ db_connection_id: id }, { limit: FEWEST_RECORDS })).length;
