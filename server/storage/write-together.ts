// Many transitions as one statement for each kind of them, of runs whose calls stay as they are. What has moved on, or is held
// by another, is left as it is: nothing is waited for, and so no two of these wait for each other.
import { getTableColumns } from 'drizzle-orm';
import { events } from '../../drizzle/schema.ts';
import type { TrackedFinetuning } from '../finetuning/record.ts';
import type { Change } from '../finetuning/store.ts';
import type { Statement } from './run-statement.ts';
import { changeOf } from './write-statement.ts';

const OF_EVENTS = Object.values(getTableColumns(events)).map(({ name }) => `"${name}"`);

/** What is left of the texts that were made: stops are of a few kinds. */
const known = new Map<string, Statement>();

type Together = {
  /** Its rows are the ids of those written. */
  statement: Statement;
  params: [runs: string, events: string];
  /** The runs as they are where their ids come back. */
  after: Map<string, TrackedFinetuning>;
};

export function writtenTogether(changes: readonly Change[], now: string): Together[] {
  const made = changes
    .filter(({ before, transition }) => transition.event !== null && transition.run.calls === before.calls)
    .map(({ before, transition }) => ({ before, ...changeOf(before, transition, now) }));
  const kinds = Map.groupBy(made, ({ set }) => Object.keys(set).join());
  return [...kinds].map(([kind, alike]) => ({
    statement: statementOf(kind),
    params: [
      JSON.stringify(alike.map(({ before: { id, organization_id }, set }) => ({ id, organization_id, ...set }))),
      JSON.stringify(
        alike.map(({ before, told, after: { version } }) => ({
          finetuning_id: before.id,
          organization_id: before.organization_id,
          version,
          ...told,
        })),
      ),
    ],
    after: new Map(alike.map(({ after }) => [after.id, after])),
  }));
}

function statementOf(kind: string): Statement {
  const statement = known.get(kind) ?? { name: `write_together_${known.size}`, text: textOf(kind.split(',')) };
  known.set(kind, statement);
  return statement;
}

const textOf = (names: readonly string[]) => `
  WITH given AS MATERIALIZED (SELECT * FROM json_populate_recordset(NULL::finetunings, $1::json)),
  free AS (
    SELECT run.id FROM given JOIN finetunings AS run ON run.id = given.id
    WHERE run.organization_id = given.organization_id AND run.version = given.version - 1
    FOR NO KEY UPDATE OF run SKIP LOCKED
  ),
  written AS (
    UPDATE finetunings AS run SET ${names.map((name) => `"${name}" = given."${name}"`).join(', ')}
    FROM free JOIN given USING (id) WHERE run.id = free.id RETURNING run.id
  ),
  told AS (
    INSERT INTO events (${OF_EVENTS.join(', ')})
    SELECT ${OF_EVENTS.map((name) => `event.${name}`).join(', ')}
    FROM json_populate_recordset(NULL::events, $2::json) AS event JOIN written ON written.id = event.finetuning_id
  )
  SELECT id FROM written`;
