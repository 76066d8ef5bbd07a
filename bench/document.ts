// Writes docs/performance.md from the report, and its pictures beside it.
import { mkdir, writeFile } from 'node:fs/promises';
import { drawn } from './curve.ts';
import type { Report } from './report.ts';
import { inMarkdown } from './table.ts';

const DOCUMENT = new URL('../docs/performance.md', import.meta.url);
const PICTURES = new URL('../docs/performance/', import.meta.url);

const HEAD = `# Performance

Written by \`npm run bench\` from \`bench/report.json\`; \`npm run bench -- NAME\` measures one line anew.

What is asked of goldtune is measured against what the same costs at the least, on the same machine, on the same database,
within one run: first one, then the other, for five rounds, each beginning with another of them. What else the machine
does meets all of them, so the ratios count, and their spread says how far: the median of the rounds, and in brackets the
least and the most. Database, service, bare handler and who asks share the machine, each a process of its own. The
database is a real one, which flushes each commit to the disk.
`;

export async function writeDocument(report: Report): Promise<void> {
  const sections = Object.entries(report).map(
    ([name, { goal, extent, table, curve, measured_at, commit, machine, versions }]) =>
      `## ${name}\n\nGoal: ${goal}. ${extent}\n\n${curve ? `![${curve.title}](performance/${fileOf(name)})\n\n` : ''}${inMarkdown(table)}\n\n${measured_at.slice(0, 10)}, commit ${commit}; ${machine}; ${versions}.\n`,
  );
  for (const [name, { curve }] of Object.entries(report)) {
    if (!curve) continue;
    await mkdir(PICTURES, { recursive: true });
    await writeFile(new URL(fileOf(name), PICTURES), drawn(curve));
  }
  await writeFile(DOCUMENT, [HEAD, ...sections].join('\n'));
}

const fileOf = (name: string) => `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.svg`;
