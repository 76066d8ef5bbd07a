// What a server has really carried out: each statement, those of triggers and keys too, with its plan and what it read.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { execute } from '../../postgres/execute.ts';
import type { PostgresServer } from '../../postgres/server.ts';

type PlanNode = {
  'Node Type': string;
  'Relation Name'?: string | undefined;
  'Index Name'?: string | undefined;
  'Actual Rows'?: number | undefined;
  'Actual Loops'?: number | undefined;
  'Rows Removed by Filter'?: number | undefined;
  'Rows Removed by Index Recheck'?: number | undefined;
  Plans?: PlanNode[] | undefined;
};

const node: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Index Name': z.string().optional(),
    'Actual Rows': z.number().optional(),
    'Actual Loops': z.number().optional(),
    'Rows Removed by Filter': z.number().optional(),
    'Rows Removed by Index Recheck': z.number().optional(),
    Plans: z.array(node).optional(),
  }),
);
const logged = z.object({ 'Query Text': z.string(), Plan: node });

/** One step of a plan that reads a table or an index. */
export type Reading = { how: string; table: string; rows: number };
export type Planned = { statement: string; readings: Reading[] };

/** From now on every session of the database writes down what it does. */
export function logPlans(url: string): Promise<number> {
  const name = new URL(url).pathname.slice(1);
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_format': 'json',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_nested_statements': 'on',
  };
  return execute(
    url,
    Object.entries(settings)
      .map(([setting, value]) => `ALTER DATABASE ${name} SET ${setting} = '${value}'`)
      .join(';'),
  );
}

/** What was carried out since the log was that long. */
export async function plansSince({ home }: PostgresServer, bytes: number): Promise<Planned[]> {
  const log = (await readFile(join(home, 'log'))).subarray(bytes).toString();
  // What belongs to an entry is indented by a tab.
  const plans = log.matchAll(/ {2}plan:\n(?<json>(?:\t.*\n)+)/g);
  return [...plans].map(({ groups }) => {
    const { 'Query Text': statement, Plan } = logged.parse(
      JSON.parse(groups?.['json']?.replaceAll('\n\t', '\n') ?? ''),
    );
    return { statement, readings: readingsIn(Plan) };
  });
}

export const lengthOfLog = async ({ home }: PostgresServer) => (await stat(join(home, 'log'))).size;

function readingsIn(plan: PlanNode, parent = ''): Reading[] {
  const table = plan['Relation Name'] ?? (plan['Index Name'] ? parent : undefined);
  const each =
    (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
  const own =
    table === undefined || plan['Node Type'] === 'ModifyTable'
      ? []
      : [{ how: howOf(plan), table, rows: Math.round(each * (plan['Actual Loops'] ?? 1)) }];
  return [...own, ...(plan.Plans ?? []).flatMap((inner) => readingsIn(inner, table ?? parent))];
}

const howOf = (plan: PlanNode) => `${plan['Node Type']}${plan['Index Name'] ? ` on ${plan['Index Name']}` : ''}`;
