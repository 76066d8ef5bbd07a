// bench/report.json: of each line its last figures, and what they were measured on.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { postgresBinaries } from '../test/postgres/binaries.ts';
import { curve } from './curve.ts';

const FILE = new URL('report.json', import.meta.url);

const entrySchema = z.object({
  /** What it should be. */
  goal: z.string(),
  /** How much was measured, in words. */
  extent: z.string(),
  table: z.array(z.array(z.string())),
  /** What the table is made of. */
  figures: z.unknown(),
  /** The same as a picture. */
  curve: curve.optional(),
  measured_at: z.string(),
  commit: z.string(),
  machine: z.string(),
  versions: z.string(),
});
export type Entry = z.infer<typeof entrySchema>;
export type Report = Record<string, Entry>;

export type Figures = Pick<Entry, 'goal' | 'extent' | 'table' | 'figures' | 'curve'>;

export async function readReport(): Promise<Report> {
  const text = await readFile(FILE, 'utf8').catch(() => '{}');
  return z.record(z.string(), entrySchema).parse(JSON.parse(text));
}

/** In the place of what it said of that line before. */
export async function report(name: string, figures: Figures): Promise<Report> {
  const whole = { ...(await readReport()), [name]: { ...figures, ...(await circumstances()) } };
  await writeFile(FILE, `${JSON.stringify(whole, null, 2)}\n`);
  return whole;
}

async function circumstances(): Promise<Omit<Entry, keyof Figures>> {
  const [first] = cpus();
  return {
    measured_at: new Date().toISOString(),
    commit: said('git', 'describe', '--always', '--dirty'),
    machine: `${cpus().length} × ${first?.model ?? 'unknown'}, ${Math.round(totalmem() / 1e9)} GB`,
    versions: `Node ${process.version}, ${said(join(await postgresBinaries(), 'bin/postgres'), '--version')}`,
  };
}

const said = (command: string, ...given: string[]) => execFileSync(command, given, { encoding: 'utf8' }).trim();
