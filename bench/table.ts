// Figures as a table: for the terminal, and in Markdown.
import type { Spread } from './figures.ts';
import type { Measured } from './interleaved.ts';

/** The first row is its head. */
export type Table = string[][];

export function tableOf(measured: readonly Measured[]): Table {
  const head = [
    '',
    'a second (least – most)',
    'p50 / p99 under load, ms',
    'alone: p50 / p99, ms',
    '× throughput',
    '× p99',
    '× alone',
  ];
  const rows = measured.map(({ name, throughput, loaded, alone, ratio }) => [
    name,
    `${Math.round(throughput.median)} (${Math.round(throughput.least)} – ${Math.round(throughput.most)})`,
    `${loaded.p50} / ${loaded.p99}`,
    `${alone.p50} / ${alone.p99}`,
    ...(ratio ? [ratio.throughput, ratio.p99, ratio.alone].map(inWords) : ['', '', '']),
  ]);
  return [head, ...rows];
}

const inWords = ({ median, least, most }: Spread) => `${median} (${least} – ${most})`;

/** With its columns below each other. */
export function inMarkdown(table: Table): string {
  const [head = []] = table;
  const widths = head.map((_, column) => Math.max(3, ...table.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const [first, ...rest] = table.map(line);
  return [first, rule, ...rest].join('\n');
}
