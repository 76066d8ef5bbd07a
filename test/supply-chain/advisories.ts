// Asks the registry for advisories about what ships, and holds them against those that are accepted.
import { z } from 'zod';
import type { Accepted } from './accepted-advisories.ts';
import { npmJson } from './npm-json.ts';

const advisory = z.object({ name: z.string(), title: z.string(), url: z.string(), severity: z.string() });
const answer = z.union([
  // A package is named by its own advisories, or by the packages through which it is affected.
  z.object({
    auditReportVersion: z.literal(2),
    vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), advisory])) })),
  }),
  // What npm says where the registry does not answer, or not that. What is wrong here, it says otherwise.
  z.object({ message: z.string(), auditReportVersion: z.undefined().optional() }),
]);

export type Verdict = { kind: 'not_asked'; why: string } | { kind: 'asked'; problems: string[] };

/** @param today as 2026-11-30 */
export async function adviseOnShipped(
  accepted: readonly Accepted[],
  today: string,
  env = process.env,
): Promise<Verdict> {
  // Offline, npm would say of anything that it is clean. Without an answer it would ask for minutes.
  const how = ['--no-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];
  const said = answer.parse(await npmJson(['audit', '--json', '--omit=dev', ...how], env));
  if (!('vulnerabilities' in said)) return { kind: 'not_asked', why: said.message };
  const all = Object.values(said.vulnerabilities).flatMap(({ via }) => via.filter((one) => typeof one !== 'string'));
  const found = new Map(all.map((one) => [one.url.split('/').at(-1) ?? one.url, one]));
  const counts = new Set(accepted.filter(({ until }) => today < until).map(({ id }) => id));
  return {
    kind: 'asked',
    problems: [
      ...[...found]
        .filter(([id]) => !counts.has(id))
        .map(([, { name, severity, title, url }]) => `${name}: ${title} (${severity}, ${url})`),
      // An exception for nothing would hide the next one of that name.
      ...accepted.filter(({ id }) => !found.has(id)).map(({ id }) => `${id} is accepted and not there: take it out`),
    ],
  };
}
