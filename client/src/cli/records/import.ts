// `goldtune records import FILE`: reads all of it, sends it in as few calls as possible, tells what became of it.
import { isGoldtuneError } from '../../errors.ts';
import type { Format } from '../../generated/file/shape.ts';
import type { DbConnection, GoldenRecord } from '../../generated/router.ts';
import { InputError } from '../failure.ts';
import { drawBar } from '../progress-bar.ts';
import { complain, type Session } from '../session.ts';
import { count, oneLine } from '../text.ts';
import { batchesOf } from './batches.ts';
import { type Read, readRecords } from './read-records.ts';
import { type Report, reportOf, reportText } from './report.ts';

export type ImportOptions = { connection: string; format?: Format; promptColumn?: string; sqlColumn?: string };

export async function importFile(session: Session, file: string, options: ImportOptions): Promise<void> {
  const id = options.connection;
  const { read, understood } = await readRecords(file, options);
  // A connection that does not exist is named as such, and not as a fault of each line.
  const connection = await session.goldtune.dbConnections.get.query({ id });
  const newest = await session.goldtune.goldenRecords.list.query({ db_connection_id: id, limit: 1 });
  const stored = await send(session, connection, read);
  const report: Report = reportOf({
    file,
    connection,
    understood,
    read,
    stored,
    newestBefore: newest[0]?.created_at ?? '',
  });
  session.show(report, () => reportText(report));
}

async function send(
  { goldtune, watched, hint }: Session,
  { id: db_connection_id, alias }: DbConnection,
  read: readonly Read[],
): Promise<GoldenRecord[]> {
  const batches = batchesOf(read.map(({ where, record }) => ({ where, record: { ...record, db_connection_id } })));
  if (batches.length === 1) hint(`Sending ${count(read.length)} records to ${oneLine(alias)} …`);
  const bar = watched && batches.length > 1 ? drawBar(read.length) : null;
  const stored: GoldenRecord[] = [];
  try {
    for (const batch of batches) {
      const answer = await goldtune.goldenRecords.add
        .mutate(batch.map(({ record }) => record))
        .catch((error: unknown) => {
          throw refusedWhere(error, batch);
        });
      for (const record of answer) stored.push(record);
      bar?.update(stored.length, { label: 'records' });
    }
    return stored;
  } catch (error) {
    if (stored.length > 0) complain(`${count(stored.length)} records are stored; import the file again for the rest`);
    throw error;
  } finally {
    bar?.stop();
  }
}

/** The server names a record by its place in the call; whoever sent a file knows it by its line. */
function refusedWhere(error: unknown, batch: readonly { where: string }[]): unknown {
  if (!isGoldtuneError(error)) return error;
  const [field] = error.data.fields;
  const index = field?.loc.find((part) => typeof part === 'number');
  const where = index === undefined ? undefined : batch[index]?.where;
  return field && where ? new InputError(`${where}: ${field.msg}`) : error;
}
