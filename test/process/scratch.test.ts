// Files that are needed for a moment: they go with their process, however that ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openScratch } from '../../server/scratch.ts';
import { startedBefore } from '../embedded/template.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';
import { quickStart } from './quick-start.ts';

const SCRATCH = new URL('../../server/scratch.ts', import.meta.url).href;

/** A process that has made its directory, and holds a file there. */
async function holder(parent: string) {
  const script = `
    import { writeFileSync } from 'node:fs';
    const { openScratch } = await import(${JSON.stringify(SCRATCH)});
    globalThis.held = openScratch(${JSON.stringify(parent)});
    const path = held.directory();
    writeFileSync(path + '/training.jsonl', 'x');
    console.log(path);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, [...quickStart, '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return {
    path: String(line).trim(),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      if (child.kill('SIGKILL')) await ended;
    },
  };
}

test('what a killed process leaves is removed by the next, and what a living one holds is not', async () => {
  await using parent = await temporaryDirectory();
  await using living = await holder(parent.path);
  const killed = await holder(parent.path);
  await killed[Symbol.asyncDispose]();
  expect(existsSync(join(killed.path, 'training.jsonl'))).toBe(true);
  using scratch = openScratch(parent.path);
  expect(existsSync(killed.path)).toBe(false);
  expect(readdirSync(living.path)).toContain('training.jsonl');
  expect(scratch.directory()).not.toBe(living.path);
});

test('a directory is made when it is asked for, and removed in the end', async () => {
  await using parent = await temporaryDirectory();
  const scratch = openScratch(parent.path);
  expect(readdirSync(parent.path)).toEqual([]);
  writeFileSync(join(scratch.directory(), 'file'), 'x');
  scratch[Symbol.dispose]();
  expect(readdirSync(parent.path)).toEqual([]);
});

test('where there is nothing, or nothing can be read, a start goes on', async () => {
  openScratch('/no/such/directory')[Symbol.dispose]();
  openScratch(fileURLToPath(import.meta.url))[Symbol.dispose]();
});

test('SIGKILL during an upload left the training file for good: the next start removes it', async () => {
  await using directory = await startedBefore();
  // A provider that takes no upload: connections are accepted, and never answered.
  await using mute = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const address = mute.address();
  const port = typeof address === 'object' ? address?.port : null;
  const env = {
    PORT: '0',
    DATA_DIR: directory.path,
    OPENAI_API_KEY: 'key-of-nobody',
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    PROVIDER_TIMEOUT_MS: '3600000',
  };
  const trainingFiles = () =>
    readdirSync(directory.path, { recursive: true }).filter((name) => String(name).endsWith('.jsonl'));
  {
    await using child = startChild(env);
    const url = await child.url;
    const post = async (path: string, body: unknown) =>
      (
        await fetch(`${url}/api/v1${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json();
    const { id } = Object(await post('/database-connections', { alias: 'x', dialect: 'oracle' }));
    await post(
      '/golden-sqls',
      Array.from({ length: 12 }, (_, index) => ({ db_connection_id: id, prompt_text: `q ${index}`, sql: 'SELECT 1' })),
    );
    await post('/finetunings', { db_connection_id: id });
    await until(() => trainingFiles().length > 0, 'the training file is written');
    child.process.kill('SIGKILL');
    await child.life;
  }
  const left = trainingFiles();
  expect(left).toHaveLength(1);
  await using again = startChild(env);
  await again.url;
  expect(trainingFiles()).not.toContain(left[0]);
});

test('a directory that the system cleaned away was missed until the next start: it is made again', async () => {
  await using parent = await temporaryDirectory();
  using scratch = openScratch(parent.path);
  const first = scratch.directory();
  rmSync(first, { recursive: true });
  const second = scratch.directory();
  expect([existsSync(first), existsSync(second)]).toEqual([false, true]);
  expect(scratch.directory()).toBe(second);
});
