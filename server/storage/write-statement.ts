// A transition as one statement: it compares and sets the version, and writes the event and the calls where that has won.
import { type Column, getTableColumns } from 'drizzle-orm';
import { events, finetunings, providerCalls } from '../../drizzle/schema.ts';
import { changesBetween } from '../finetuning/lifecycle/replay.ts';
import type { Transition } from '../finetuning/lifecycle/transition.ts';
import type { TrackedFinetuning } from '../finetuning/record.ts';
import { callToRow } from './finetuning-rows.ts';
import type { Statement } from './run-statement.ts';

const columns: Record<string, Column> = getTableColumns(finetunings);
const callColumns = Object.values(getTableColumns(providerCalls)).map(({ name }) => `"${name}"`);
const OF_CALLS = callColumns.join(', ');
const SET_CALL = callColumns.map((name) => `${name} = given.${name}`).join(', ');

/** What is left of the texts that were made: transitions are of some dozens of kinds. */
const known = new Map<string, Statement>();

type Written = {
  statement: Statement;
  params: unknown[];
  /** The run as it is where a row comes back; where none does, nothing was written. */
  after: TrackedFinetuning;
};

/** What of a run's row changes, and of its timeline; null: the timeline stays as it is. */
export function changeOf(before: TrackedFinetuning, { run, event, by = null, tried }: Transition, now: string) {
  const version = event ? before.version + 1 : before.version;
  // The timeline does not run backwards, whatever the clock did.
  const at = event && now > before.updated_at ? now : before.updated_at;
  // What cannot be read, and is shown as null, stays as it is stored.
  const changes = changesBetween(before.state, run.state);
  const set: Record<string, unknown> = {
    due_at: run.due_at,
    failures: run.failures,
    ...(event ? { ...changes, version, updated_at: at } : {}),
    ...(tried ? { last_tried: tried } : {}),
  };
  const after: TrackedFinetuning = {
    ...before,
    ...(event ? { state: run.state, calls: run.calls } : {}),
    due_at: run.due_at,
    failures: run.failures,
    last_tried: tried ?? before.last_tried,
    version,
    updated_at: at,
  };
  const told = event && { type: event.type, message: event.message, changes, by, created_at: at };
  return { set, told, after };
}

export function writtenBy(before: TrackedFinetuning, transition: Transition, now: string): Written {
  const { set, told, after } = changeOf(before, transition, now);
  const had = new Map(before.calls.map((call) => [call.id, call]));
  const rows = told ? transition.run.calls.filter((call) => had.get(call.id) !== call) : [];
  const asRows = (wasThere: boolean) =>
    JSON.stringify(rows.filter(({ id }) => had.has(id) === wasThere).map((call) => callToRow(call, before)));
  const isOpened = rows.some(({ id }) => !had.has(id));
  const isChanged = rows.some(({ id }) => had.has(id));
  const names = Object.keys(set);
  return {
    statement: statementOf(names, { isTold: told !== null, isOpened, isChanged }),
    params: [
      before.id,
      before.organization_id,
      before.version,
      ...names.map((name) => toDriver(columns[name], set[name])),
      ...(told
        ? [
            told.type,
            told.message,
            events.changes.mapToDriverValue(told.changes),
            toDriver(events.by, told.by),
            told.created_at,
          ]
        : []),
      ...(isChanged ? [asRows(true)] : []),
      ...(isOpened ? [asRows(false)] : []),
    ],
    after,
  };
}

const toDriver = (column: Column | undefined, value: unknown) =>
  column === undefined || value === null ? value : column.mapToDriverValue(value);

type Parts = { isTold: boolean; isOpened: boolean; isChanged: boolean };

function statementOf(names: readonly string[], parts: Parts): Statement {
  const key = [...names, ...Object.values(parts)].join();
  const statement = known.get(key) ?? { name: `write_${known.size}`, text: textOf(names, parts) };
  known.set(key, statement);
  return statement;
}

function textOf(names: readonly string[], { isTold, isOpened, isChanged }: Parts): string {
  let last = 0;
  const next = () => `$${++last}`;
  const where = `id = ${next()} AND organization_id = ${next()} AND version = ${next()}`;
  const set = names.map((name) => `"${columns[name]?.name ?? name}" = ${next()}`);
  const steps = [
    `written AS (UPDATE finetunings SET ${set.join(', ')} WHERE ${where} RETURNING id, organization_id, version)`,
  ];
  if (isTold) {
    steps.push(`told AS (
      INSERT INTO events (finetuning_id, version, organization_id, type, message, changes, "by", created_at)
      SELECT id, version, organization_id, ${next()}, ${next()}, ${next()}::jsonb, ${next()}::jsonb, ${next()}::timestamptz FROM written)`);
  }
  const given = () => `json_populate_recordset(NULL::provider_calls, ${next()}::json) AS given`;
  if (isChanged) {
    steps.push(`changed AS (
      UPDATE provider_calls AS call SET ${SET_CALL}
      FROM ${given()}, written WHERE call.id = given.id RETURNING call.id)`);
  }
  if (isOpened) {
    // After what has changed: a call may be closed for another to be opened.
    const order = isChanged ? ' WHERE (SELECT count(*) FROM changed) >= 0' : '';
    steps.push(`opened AS (
      INSERT INTO provider_calls (${OF_CALLS}) SELECT ${callColumns.map((name) => `given.${name}`).join(', ')}
      FROM ${given()}, written${order})`);
  }
  return `WITH ${steps.join(', ')} SELECT id FROM written`;
}
