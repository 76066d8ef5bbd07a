// The GRANT statements that the role of a session is missing: for rows, and to make or change tables.
import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import * as auditEntries from '../../drizzle/audit-entries.ts';
import * as bulkCancels from '../../drizzle/bulk-cancels.ts';
import * as people from '../../drizzle/people.ts';
import * as schema from '../../drizzle/schema.ts';
import * as webhookTables from '../../drizzle/webhook-tables.ts';

const namesIn = (tables: object) =>
  Object.values(tables)
    .flatMap((member) => (is(member, PgTable) ? [`'${getTableName(member)}'`] : []))
    .join(', ');

const OUR_TABLES = namesIn({ ...schema, ...webhookTables, ...bulkCancels, ...people, ...auditEntries });
/** Of the others no row is ever removed. Who is removed or signs out leaves nothing behind. */
const EMPTIED = namesIn({ webhookDeliveries: webhookTables.webhookDeliveries, ...people });

/** Our tables that exist, and what of them is asked of the role. Others may live in the same schema. */
const TABLES = `
  SELECT relation.oid, relowner, nspname, relname, CASE
    WHEN nspname = 'drizzle' THEN '{SELECT}'::text[]
    WHEN nspname = 'public' AND relname NOT IN (${EMPTIED}) THEN '{SELECT,INSERT,UPDATE}'
    ELSE '{SELECT,INSERT,UPDATE,DELETE}'
  END AS needed
  FROM pg_catalog.pg_class relation JOIN pg_catalog.pg_namespace space ON space.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND (nspname = 'pgboss' OR nspname = 'drizzle' AND relname = '__drizzle_migrations'
    OR nspname = 'public' AND relname IN (${OUR_TABLES}))`;

const FOR_ROWS = `
  WITH tables AS (${TABLES})
  SELECT format('GRANT USAGE ON SCHEMA %I TO %I', nspname, current_user) AS "grant"
  FROM tables WHERE NOT has_schema_privilege(nspname, 'USAGE') GROUP BY nspname
  UNION ALL
  SELECT format('GRANT %s ON %s TO %I', array_to_string(needed, ', '),
    string_agg(format('%I.%I', nspname, relname), ', ' ORDER BY relname), current_user)
  FROM tables WHERE EXISTS (SELECT FROM unnest(needed) AS privilege WHERE NOT has_table_privilege(oid, privilege))
  GROUP BY nspname, needed`;

const FOR_TABLES = `
  WITH tables AS (${TABLES}), spaces AS (
    SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname IN ('public', 'drizzle', 'pgboss')
  )
  SELECT format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user) AS "grant"
  WHERE NOT has_database_privilege(current_database(), 'CREATE') AND (SELECT count(*) FROM spaces) < 3
  UNION ALL
  SELECT format('GRANT USAGE, CREATE ON SCHEMA %I TO %I', nspname, current_user)
  FROM spaces WHERE NOT (has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE'))
  UNION ALL
  SELECT DISTINCT format('GRANT %I TO %I', pg_get_userbyid(relowner), current_user)
  FROM tables WHERE NOT pg_has_role(relowner, 'USAGE')`;

type Connection = { query(text: string): Promise<{ rows: unknown[] }> };

async function grants(connection: Connection, query: string): Promise<string[]> {
  const { rows } = await connection.query(query);
  return z
    .array(z.object({ grant: z.string() }))
    .parse(rows)
    .map((row) => row.grant);
}

/** What serving needs of the tables that there are. */
export const missingForRows = (connection: Connection) => grants(connection, FOR_ROWS);

/** What making or changing tables needs. */
export const missingForTables = (connection: Connection) => grants(connection, FOR_TABLES);
