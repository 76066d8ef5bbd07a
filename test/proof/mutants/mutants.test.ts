// The tests are tested: each weakening of the product, made in a scratch copy, is noticed by the test that names it.
import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { LONGEST_MS, level } from '../level.ts';
import { reportWhenPassed } from '../report.ts';
import { type Catcher, type Mutant, mutants } from './mutants.ts';

const run = promisify(execFile);
/** Of the folders only what is ours: a test brings packages of its own. */
const isOurs = (path: string) => !path.endsWith('/node_modules') && !path.endsWith('/.report');
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COPIED = ['server', 'drizzle', 'examples', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

/** Small, one in so many of those is tried that a test without a process or a search notices. */
const ONE_IN = 32;
const isNoticedAtOnce = ({ caughtBy }: Mutant) => [caughtBy].flat().every(({ project }) => project === 'pure');

it('each weakening is of a text that stands once in its file, so that none goes stale unseen', async () => {
  const counts = await Promise.all(
    mutants.map(async ({ named, file, from }) => ({
      named,
      count: (await readFile(join(ROOT, file), 'utf8')).split(from).length - 1,
    })),
  );
  expect(counts.filter(({ count }) => count !== 1)).toEqual([]);
});

describe('a weakened copy fails its test:', () => {
  const tried =
    level === 'small' ? mutants.filter(isNoticedAtOnce).filter((_, index) => index % ONE_IN === 0) : mutants;
  let caught = 0;

  it.concurrent.each(tried)('$named', { timeout: LONGEST_MS }, async (mutant) => {
    await using resources = new AsyncDisposableStack();
    const copy = await mkdtemp(join(tmpdir(), 'goldtune-mutant-'));
    resources.defer(() => rm(copy, { recursive: true, force: true }));
    for (const part of COPIED) cpSync(join(ROOT, part), join(copy, part), { recursive: true, filter: isOurs });
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await weaken(copy, mutant);
    for (const catcher of [mutant.caughtBy].flat()) {
      const failed = await failuresOf(copy, catcher);
      expect(failed.map(({ message }) => message).join('\n')).not.toMatch(/SyntaxError|Failed to resolve/);
      expect(failed.length, `the tests named "${catcher.test}" that failed`).toBeGreaterThan(0);
    }
    caught += 1;
  });

  reportWhenPassed('mutants', () => ({ mutants: tried.length, caught }));
});

async function weaken(copy: string, { file, from, to }: Mutant): Promise<void> {
  const path = join(copy, file);
  const [before = '', after, ...more] = (await readFile(path, 'utf8')).split(from);
  if (after === undefined || more.length > 0)
    throw new Error(`"${from}" is not once in ${file}: bring the list up to date`);
  await writeFile(path, before + to + after);
}

const result = z.object({
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), title: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/** Runs only the tests of that name, as the test command would. */
async function failuresOf(copy: string, caughtBy: Catcher): Promise<{ message: string }[]> {
  const out = join(copy, 'result.json');
  const pattern = caughtBy.test.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const options = ['--project', caughtBy.project, '-t', pattern, '--reporter=json', `--outputFile=${out}`];
  // However far this one goes, the inner ones go far enough for each.
  const env = {
    ...process.env,
    PROOF: 'proof',
    // Some are noticed by what never comes: it need not be waited for as long as where nothing is wrong.
    TEST_DEADLINE_MS: '60000',
    TEST_DATABASE_URL: inject('postgresUrl'),
    // No mutant is about the tables: those that are there will do.
    TEST_TEMPLATE_DATABASE: inject('templateDatabase'),
  };
  // It ends with an error: that is what it is for.
  await run(process.execPath, [vitest, 'run', caughtBy.file, ...options], { cwd: copy, env }).catch(() => {});
  const { testResults } = result.parse(JSON.parse(await readFile(out, 'utf8')));
  const ran = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, title }) => (status === 'passed' || status === 'failed') && title.includes(caughtBy.test));
  if (ran.length === 0)
    throw new Error(`no test named "${caughtBy.test}" ran: ${testResults.map(({ message }) => message).join('\n')}`);
  return ran
    .filter(({ status }) => status === 'failed')
    .map(({ failureMessages }) => ({ message: failureMessages.join('\n') }));
}
