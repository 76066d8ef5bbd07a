// The script of a job, run by a real bash where there is no Slurm.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { foldersOf } from '../../server/provider/slurm/folders.ts';
import { jobScript, scriptEnvironment } from '../../server/provider/slurm/script.ts';
import { within } from '../deadline.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const file = `${'a'.repeat(24)}.1.${'0'.repeat(16)}`;
/** Rights do not hold the administrator, so that it becomes nobody. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

function run(directory: string) {
  const env = { PATH: process.env['PATH'], SLURM_JOB_ID: '7', ...scriptEnvironment(foldersOf(directory), file) };
  return spawnSync('bash', ['-c', jobScript('echo it trains')], { env, encoding: 'utf8', cwd: '/', ...NOBODY });
}

test.each([
  ['not written to', 0o555],
  ['not looked into', 0o444],
])(
  'a job whose user may not take the file, since the inbox can be %s, says so and does not train',
  async (_how, mode) => {
    await using directory = await temporaryDirectory();
    await chmod(directory.path, 0o755);
    const folders = foldersOf(directory.path);
    await mkdir(folders.inbox);
    await mkdir(folders.job(file).root, { recursive: true });
    await writeFile(folders.waiting(file), 'records');
    await chmod(folders.inbox, mode);
    const { status, stdout } = run(directory.path);
    await chmod(folders.inbox, 0o755);
    expect(status).toBe(3);
    expect(stdout).toMatch(/has no right to move the training file .*have to run as the same user/);
    expect(stdout).not.toContain('it trains');
    await access(folders.waiting(file));
  },
);

test('a job whose file is gone says that, and not that it had no right', async () => {
  await using directory = await temporaryDirectory();
  await chmod(directory.path, 0o755);
  const folders = foldersOf(directory.path);
  await mkdir(folders.inbox);
  await mkdir(folders.job(file).root, { recursive: true });
  const { status, stdout } = run(directory.path);
  expect(status).toBe(3);
  expect(stdout).toContain('was removed or has been used before');
});

test('a job ends itself, and says so, once the file that it has taken is removed, though nobody else stops it', async () => {
  await using directory = await temporaryDirectory();
  const folders = foldersOf(directory.path);
  const job = folders.job(file);
  await mkdir(folders.inbox);
  await mkdir(job.root, { recursive: true });
  await writeFile(folders.waiting(file), 'records');
  const env = { PATH: process.env['PATH'], SLURM_JOB_ID: '7', ...scriptEnvironment(folders, file) };
  const training = spawn('bash', ['-c', jobScript('echo it trains; sleep infinity & wait')], { env, detached: true });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => {
    // What it has started ends with it where it has not ended by itself.
    if (training.pid !== undefined && training.exitCode === null) process.kill(-training.pid, 'SIGKILL');
  });
  const ended = once(training, 'exit');
  await within(once(training.stdout, 'data'), 'it trains');
  await Promise.all([access(job.started), access(job.alive), access(job.taken)]);
  await rm(job.taken);
  expect(await within(ended, 'it ends')).toEqual([143, null]);
  await access(job.stopped);
});
