// The figures of the proof: each suite hands in its own, `test/report.json` holds them all, docs/proof.md shows them.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Level, level, levels } from './level.ts';

const PIECES = new URL('../.report/', import.meta.url);
export const REPORT = new URL('../report.json', import.meta.url);

const figures = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
const atLevels = { small: figures.optional(), proof: figures.optional(), deep: figures.optional() };
export const reportSchema = z.record(z.string(), z.object(atLevels satisfies Record<Level, unknown>));
export type Figures = z.infer<typeof figures>;

/** The same suite at another level is kept. */
export async function handIn(suite: string, done: Figures): Promise<void> {
  await mkdir(PIECES, { recursive: true });
  await writeFile(new URL(`${suite}.${level}.json`, PIECES), JSON.stringify(done));
}

/** Puts all pieces together. */
export async function writeReport(): Promise<void> {
  const whole: z.infer<typeof reportSchema> = {};
  for (const name of (await readdir(PIECES).catch(() => [])).sort()) {
    const [suite = '', of] = name.split('.');
    const at = levels.find((one) => one === of);
    if (!at) continue;
    const piece = figures.parse(JSON.parse(await readFile(new URL(name, PIECES), 'utf8')));
    whole[suite] = { ...whole[suite], [at]: piece };
  }
  await writeFile(REPORT, `${JSON.stringify(whole, null, 2)}\n`);
}
