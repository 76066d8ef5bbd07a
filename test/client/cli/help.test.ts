// --help and --version, of the program and of every command in its tree.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { exitCodes } from '../../../client/src/cli/exit-codes.ts';
import { createProgram } from '../../../client/src/cli/program.ts';
import { run } from './command-line.ts';

type Node = { name(): string; commands: readonly Node[] };

const pathsOf = (node: Node, above: readonly string[] = []): string[][] =>
  node.commands.flatMap((sub) => {
    const path = [...above, sub.name()];
    return [path, ...pathsOf(sub, path)];
  });

const commands = pathsOf(createProgram()).filter(([name]) => name !== 'complete');

test('the tree has the commands that were promised', () => {
  expect(commands.map((path) => path.join(' '))).toEqual(
    expect.arrayContaining([
      ...['create', 'list', 'get', 'update'].map((verb) => `connections ${verb}`),
      ...['import', 'list', 'delete'].map((verb) => `records ${verb}`),
      ...['create', 'list', 'get', 'watch', 'wait', 'cancel', 'delete', 'events'].map((verb) => `finetunings ${verb}`),
      'completion',
    ]),
  );
});

test.concurrent.each(commands.map((path) => [path.join(' '), path] as const))(
  'goldtune %s --help shows how it is called, with an example of it',
  async (name, path) => {
    const { code, stdout, stderr } = await run([...path, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: goldtune ${name}`);
    expect(stdout).toContain('--api-key');
    expect(stdout.slice(stdout.indexOf('Examples:'))).toContain(`goldtune ${name}`);
  },
);

test('goldtune --help has the whole table of exit codes', async () => {
  const { code, stdout } = await run(['--help']);
  expect(code).toBe(0);
  for (const { code, meaning } of Object.values(exitCodes)) {
    expect(stdout).toContain(`  ${String(code).padEnd(5)}${meaning.replaceAll('`', '')}\n`);
  }
});

test('goldtune --version is that of the package', async () => {
  const { version } = JSON.parse(await readFile('client/package.json', 'utf8'));
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});
