// `npm run bench`: measures, prints a table, and writes bench/report.json and docs/performance.md. `npm run bench --
// NAME…` measures only what has NAME in its name, and leaves the rest of the report as it was; `--rows=N` and
// `--rounds=N` make it smaller, for a quick look that is not reported.
import { parseArgs } from 'node:util';
import { writeDocument } from './document.ts';
import type { Line } from './line.ts';
import { cancelRunning } from './lines/cancel-running.ts';
import { cancelWaiting } from './lines/cancel-waiting.ts';
import { createOnMany } from './lines/create.ts';
import { followingMany } from './lines/following.ts';
import { get } from './lines/get.ts';
import { growth } from './lines/growth.ts';
import { importRecords } from './lines/import.ts';
import { killSwitch } from './lines/kill-switch.ts';
import { list } from './lines/list.ts';
import { listFilters } from './lines/list-filters.ts';
import { listLargeRuns } from './lines/list-large-runs.ts';
import { listTenTimes } from './lines/list-ten-times.ts';
import { recovery } from './lines/recovery.ts';
import { starts } from './lines/start.ts';
import { streams } from './lines/streams.ts';
import { neighbours } from './neighbour.ts';
import { report } from './report.ts';
import { inMarkdown } from './table.ts';

const lines: readonly Line[] = [
  cancelWaiting,
  get,
  list,
  listFilters,
  listLargeRuns,
  listTenTimes,
  growth,
  cancelRunning,
  killSwitch,
  importRecords,
  createOnMany,
  recovery,
  streams,
  followingMany,
  ...starts,
  ...neighbours,
];

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: { rows: { type: 'string' }, rounds: { type: 'string' } },
});
const size = { rows: Number(values.rows ?? 1_000_000), rounds: Number(values.rounds ?? 5) };
const isReported = values.rows === undefined && values.rounds === undefined;
const wanted = lines.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
if (wanted.length === 0)
  throw new Error(`no line has that in its name; there are ${lines.map(({ name }) => name).join(', ')}`);

for (const { name, goal, measure } of wanted) {
  const measured = await measure(size);
  console.log(`\n${name}; goal: ${goal}. ${measured.extent}\n\n${inMarkdown(measured.table)}`);
  if (isReported) await writeDocument(await report(name, { goal, ...measured }));
}
