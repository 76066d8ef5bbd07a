// The statement that reads a page of what callers did: which events and entries are on it, and of as many as fit what a list shows.
import { type AuditFilter, type AuditPage, causedTypes } from '../finetuning/audit.ts';
import { MOST_BYTES } from './page.ts';
import type { Statement } from './run-statement.ts';

/** Beside its message: ids, times, names. */
const ENTRY_BYTES = 500;
const NEWEST_FIRST = 'ORDER BY created_at DESC, of DESC, version DESC';

/** Where it is read: rows of `table`, each with its place in the list; an entry of its own has the version 0. */
type Source = { table: string; of: string; version: string; conditions: readonly string[] };
const EVENTS: Source = { table: 'events', of: 'finetuning_id', version: 'version', conditions: ['"by" IS NOT NULL'] };
const ENTRIES: Source = { table: 'audit_entries', of: 'id', version: '0', conditions: [] };

/** One for each way to filter. */
export function auditStatement(organization_id: string, filter: AuditFilter, { limit, after }: AuditPage) {
  const params: unknown[] = [organization_id, limit];
  const given = (value: unknown) => `$${params.push(value)}`;
  const { finetuning_id, by, type, since, until } = filter;
  const ofActor = by === undefined ? [] : [`"by" ->> 'id' = ${given(by)}`];
  const ofTime = [
    ...(since === undefined ? [] : [`created_at >= ${given(since)}::timestamptz`]),
    ...(until === undefined ? [] : [`created_at < ${given(until)}::timestamptz`]),
  ];
  const place =
    after === undefined
      ? null
      : `(${given(after.created_at)}::timestamptz, ${given(after.of)}::text, ${given(after.version)}::integer)`;
  const ofType = type === undefined ? null : given(type);
  const ofRun = finetuning_id === undefined ? null : given(finetuning_id);
  // The index that has ids of actors has its types in another collation: else a planner that takes an actor for a frequent
  // one reads, in the index without them, everybody's.
  const typed = by === undefined ? 'type' : 'type COLLATE "C"';

  const placesIn = ({ table, of, version, conditions }: Source): string => {
    const caused = ['organization_id = $1', ...conditions, ...ofActor].join(' AND ');
    const placed = [...ofTime, ...(place === null ? [] : [`(created_at, ${of}, ${version}) < ${place}`])];
    const newest = (from: string, ...more: string[]) =>
      `SELECT ${of} AS of, ${version} AS version, created_at FROM ${from} WHERE ${[caused, ...more, ...placed].join(' AND ')}
       ORDER BY created_at DESC, ${of} DESC${version === '0' ? '' : `, ${version} DESC`} LIMIT $2`;
    if (ofRun !== null)
      // A run has few: none is looked for among those of others.
      return newest(
        `(SELECT * FROM ${table} WHERE ${of} = ${ofRun} OFFSET 0) AS event`,
        ...(ofType === null ? [] : [`type = ${ofType}`]),
      );
    if (ofType !== null) return newest(table, `${typed} = ${ofType}`);
    return newestOfAll(table, caused, typed, newest(table, `${typed} = types.type`));
  };

  const sources = sourcesOf(filter);
  const named = Object.entries({ ...filter, after }).filter(([, value]) => value !== undefined);
  const name = ['audit', ...sources.map(({ table }) => table), ...named.map(([field]) => field)].join('_');
  const statement: Statement = { name, text: asFitting(newestOf(sources.map(placesIn))) };
  return { statement, params };
}

/** A type is of the one or of the other, and a run has events alone. */
function sourcesOf({ finetuning_id, type }: AuditFilter): readonly Source[] {
  if (finetuning_id !== undefined) return [EVENTS];
  if (type === undefined) return [EVENTS, ENTRIES];
  return causedTypes.some((caused) => caused === type) ? [EVENTS] : [ENTRIES];
}

const newestOf = (places: readonly string[]) =>
  `SELECT * FROM (${places.map((one) => `(${one})`).join(' UNION ALL ')}) AS place ${NEWEST_FIRST} LIMIT $2`;

/** The types that there are, by one look at the index for each, and of each as many as the page may take. */
const newestOfAll = (table: string, caused: string, typed: string, newest: string) => `
  WITH RECURSIVE types (type) AS (
    (SELECT min(${typed}) FROM ${table} WHERE ${caused})
    UNION ALL
    SELECT (SELECT min(${typed}) FROM ${table} WHERE ${caused} AND ${typed} > types.type) FROM types
      WHERE types.type IS NOT NULL
  )
  SELECT newest.* FROM types, LATERAL (${newest}) AS newest ${NEWEST_FIRST} LIMIT $2`;

const BYTES = `octet_length(message) + octet_length("by"::text) + ${ENTRY_BYTES}`;

/** Each is looked up by its key, first for how large it is; one is on the page in any case, however large. */
const asFitting = (places: string) => `
  SELECT page.of, page.version, page.created_at, entry.* FROM (
    SELECT *, row_number() OVER newest_first AS place, sum(bytes) OVER newest_first AS so_far
    FROM (SELECT *, CASE version
      WHEN 0 THEN (SELECT ${BYTES} FROM audit_entries WHERE id = found.of)
      ELSE (SELECT ${BYTES} FROM events AS event WHERE event.finetuning_id = found.of AND event.version = found.version)
    END AS bytes FROM (${places}) AS found) AS found
    WINDOW newest_first AS (${NEWEST_FIRST})
  ) AS page, LATERAL (
    (SELECT 'finetuning' AS about_kind, finetuning_id AS about_id, type, message, "by" FROM events
      WHERE page.version > 0 AND finetuning_id = page.of AND version = page.version OFFSET 0)
    UNION ALL
    (SELECT about_kind, about_id, type, message, "by" FROM audit_entries WHERE page.version = 0 AND id = page.of OFFSET 0)
  ) AS entry
  WHERE page.place = 1 OR page.so_far <= ${MOST_BYTES}
  ORDER BY page.created_at DESC, page.of DESC, page.version DESC`;
