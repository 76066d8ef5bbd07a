// The GRANT statements that the role of this session is missing: for the rows first, else to make or change tables.
const SCHEMAS = "('public', 'drizzle', 'pgboss')";

export const MISSING_RIGHTS = `
WITH ours AS (SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname IN ${SCHEMAS}),
tables AS (
  SELECT relation.oid, relation.relowner, ours.nspname FROM pg_catalog.pg_class relation JOIN ours ON ours.oid = relnamespace
  WHERE relkind IN ('r', 'p')
),
for_rows AS (
  SELECT format('GRANT USAGE ON SCHEMA %I TO %I', nspname, current_user) AS "grant"
  FROM ours WHERE EXISTS (SELECT FROM tables WHERE tables.nspname = ours.nspname) AND NOT has_schema_privilege(oid, 'USAGE')
  UNION ALL
  SELECT DISTINCT format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', nspname, current_user)
  FROM tables WHERE NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
    AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
),
for_tables AS (
  SELECT format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user) AS "grant"
  WHERE NOT has_database_privilege(current_database(), 'CREATE')
    AND (SELECT count(*) FROM ours) < 3
  UNION ALL
  SELECT format('GRANT USAGE, CREATE ON SCHEMA %I TO %I', nspname, current_user)
  FROM ours WHERE NOT (has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE'))
  UNION ALL
  SELECT DISTINCT format('GRANT %I TO %I', pg_get_userbyid(relowner), current_user)
  FROM tables WHERE NOT pg_has_role(relowner, 'USAGE')
)
SELECT "grant" FROM for_rows
UNION ALL
SELECT "grant" FROM for_tables WHERE NOT EXISTS (SELECT FROM for_rows)`;
