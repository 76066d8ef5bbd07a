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
      ...['create', 'list', 'get', 'update', 'delete'].map((verb) => `connections ${verb}`),
      ...['import', 'list', 'get', 'delete'].map((verb) => `records ${verb}`),
      ...['create', 'list', 'get', 'watch', 'wait', 'cancel', 'delete', 'events'].map((verb) => `finetunings ${verb}`),
      ...['create', 'list', 'rotate', 'revoke'].map((verb) => `keys ${verb}`),
      ...['create', 'list', 'get', 'update', 'rotate-secret', 'delete'].map((verb) => `webhooks ${verb}`),
      ...['ping', 'deliveries', 'redeliver'].map((verb) => `webhooks ${verb}`),
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

test('what every command needs is told, with the exit codes that set it apart', async () => {
  const create = await run(['finetunings', 'create', '--help']);
  expect(create.stdout).toMatch(/--connection <id> .*\(required\)/s);
  expect(create.stdout).toMatch(/--epochs <number> .*\(default: 3\)/s);
  const remove = await run(['connections', 'delete', '--help']);
  expect(remove.stdout).toContain(`  10   ${exitCodes.in_use.meaning}\n`);
});

test('goldtune help finds a command at every level, and what was meant by one that there is not', async () => {
  expect((await run(['help', 'finetunings', 'cancel'])).stdout).toContain('Usage: goldtune finetunings cancel');
  expect(await run(['help', 'finetunings', 'cancl'])).toMatchObject({
    code: 2,
    stderr: "goldtune: unknown command 'cancl' (Did you mean `goldtune finetunings cancel`?)\n",
  });
});

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
