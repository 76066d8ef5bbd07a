// `npm run bench`: measures, prints a table, and writes bench/report.json. `npm run bench -- NAME…` measures only what
// has NAME in its name.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { measureNeighbours } from './neighbour.ts';

const names = process.argv.slice(2);
const isWanted = (name: string) => names.length === 0 || names.some((part) => name.includes(part));

const neighbours = [];
for await (const measured of measureNeighbours(isWanted)) {
  console.log(
    `${measured.name}\n    idle ${inWords(measured.idle)}; meanwhile ${inWords(measured.meanwhile)}; p99 × ${measured.ratio}`,
  );
  neighbours.push(measured);
}

const report = {
  measured_at: new Date().toISOString(),
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  machine: { processors: cpus().length, model: cpus()[0]?.model ?? 'unknown', memory_gb: Math.round(totalmem() / 1e9) },
  node: process.version,
  neighbours,
};
await writeFile(new URL('report.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`);

function inWords({ count, p50, p99 }: { count: number; p50: number; p99: number }): string {
  return `p50 ${p50} ms, p99 ${p99} ms of ${count}`;
}
