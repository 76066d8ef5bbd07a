// The statement that reads a page of what callers did: which events are on it, and of as many as fit what a list shows.
import type { AuditFilter, AuditPage } from '../finetuning/audit.ts';
import { MOST_BYTES } from './page.ts';
import type { Statement } from './run-statement.ts';

/** Beside its message: ids, times, names. */
const ENTRY_BYTES = 500;
const NEWEST_FIRST = 'ORDER BY created_at DESC, finetuning_id DESC, version DESC';
const PLACE = 'finetuning_id, version, created_at';

/** One for each way to filter. */
export function auditStatement(organization_id: string, filter: AuditFilter, { limit, after }: AuditPage) {
  const params: unknown[] = [organization_id, limit];
  const given = (value: unknown) => `$${params.push(value)}`;
  const { finetuning_id, by, type, since, until } = filter;
  const caused = [
    'organization_id = $1',
    '"by" IS NOT NULL',
    ...(by === undefined ? [] : [`"by" ->> 'id' = ${given(by)}`]),
  ].join(' AND ');
  const placed = [
    ...(since === undefined ? [] : [`created_at >= ${given(since)}::timestamptz`]),
    ...(until === undefined ? [] : [`created_at < ${given(until)}::timestamptz`]),
    ...(after === undefined
      ? []
      : [
          `(${PLACE_IN_ORDER}) < (${given(after.created_at)}::timestamptz, ${given(after.of)}::text, ${given(after.version)}::integer)`,
        ]),
  ];
  const ofType = type === undefined ? null : given(type);
  const newest = (from: string, ...conditions: string[]) =>
    `SELECT ${PLACE} FROM ${from} WHERE ${[caused, ...conditions, ...placed].join(' AND ')} ${NEWEST_FIRST} LIMIT $2`;
  // The index that has ids of actors has its types in another collation: else a planner that takes an actor for a frequent
  // one reads, in the index without them, everybody's.
  const typed = by === undefined ? 'type' : 'type COLLATE "C"';
  const places =
    finetuning_id !== undefined
      ? newest(
          // A run has few: none is looked for among those of others.
          `(SELECT * FROM events WHERE finetuning_id = ${given(finetuning_id)} OFFSET 0) AS event`,
          ...(ofType === null ? [] : [`type = ${ofType}`]),
        )
      : ofType === null
        ? newestOfAll(caused, typed, newest('events', `${typed} = types.type`))
        : newest('events', `${typed} = ${ofType}`);
  const named = Object.entries({ ...filter, after }).filter(([, value]) => value !== undefined);
  const statement: Statement = { name: ['audit', ...named.map(([name]) => name)].join('_'), text: asFitting(places) };
  return { statement, params };
}

const PLACE_IN_ORDER = 'created_at, finetuning_id, version';

/** The types that there are, by one look at the index for each, and of each as many as the page may take. */
const newestOfAll = (caused: string, typed: string, newest: string) => `
  WITH RECURSIVE types (type) AS (
    (SELECT min(${typed}) FROM events WHERE ${caused})
    UNION ALL
    SELECT (SELECT min(${typed}) FROM events WHERE ${caused} AND ${typed} > types.type) FROM types
      WHERE types.type IS NOT NULL
  )
  SELECT newest.* FROM types, LATERAL (${newest}) AS newest ${NEWEST_FIRST} LIMIT $2`;

/** Each event is looked up by its key, first for how large it is; one is on the page in any case, however large. */
const asFitting = (places: string) => `
  SELECT page.finetuning_id, page.version, page.created_at, event.type, event.message, event."by" FROM (
    SELECT *, row_number() OVER newest_first AS place, sum(bytes) OVER newest_first AS so_far
    FROM (SELECT *, (
      SELECT octet_length(message) + octet_length("by"::text) + ${ENTRY_BYTES} FROM events AS event
      WHERE event.finetuning_id = found.finetuning_id AND event.version = found.version
    ) AS bytes FROM (${places}) AS found) AS found
    WINDOW newest_first AS (${NEWEST_FIRST})
  ) AS page, LATERAL (
    SELECT type, message, "by" FROM events WHERE finetuning_id = page.finetuning_id AND version = page.version OFFSET 0
  ) AS event
  WHERE page.place = 1 OR page.so_far <= ${MOST_BYTES}
  ORDER BY page.created_at DESC, page.finetuning_id DESC, page.version DESC`;
