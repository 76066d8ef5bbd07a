// Completion as bash asks for it: the script is loaded, and COMPREPLY read.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complete } from '../../../client/src/cli/completion/complete.ts';
import { createProgram } from '../../../client/src/cli/program.ts';
import { auditTypes } from '../../../server/finetuning/audit.ts';
import { compileCache } from '../../process/quick-start.ts';
import { MAIN, run } from './command-line.ts';

const execute = promisify(execFile);
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goldtune-bin-'));
  await writeFile(join(directory, 'goldtune'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  await chmod(join(directory, 'goldtune'), 0o755);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** What bash offers after these words, the last of them being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `
    source <(goldtune completion bash)
    [[ $(complete -p goldtune) == 'complete -F _goldtune goldtune' ]] || exit 1
    COMP_WORDS=(goldtune "$@"); COMP_CWORD=$#
    _goldtune
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const PATH = `${directory}${delimiter}${process.env['PATH']}`;
  const { stdout } = await execute('bash', ['-c', script, 'bash', ...words], { env: { PATH, ...compileCache } });
  return stdout.split('\n').filter((line) => line !== '');
}

test('bash completes commands, options and their values', async () => {
  expect(await offered('')).toEqual([
    'connections',
    'records',
    'finetunings',
    'bulk-cancels',
    'providers',
    'keys',
    'audit',
    'webhooks',
    'people',
    'whoami',
    'completion',
    'help',
  ]);
  expect(await offered('connections', 'd')).toEqual(['delete']);
  expect(await offered('records', 'g')).toEqual(['get']);
  expect(await offered('fine')).toEqual(['finetunings']);
  expect(await offered('finetunings', 'c')).toEqual(['create', 'cancel']);
  expect(await offered('finetunings', 'cancel', '--w')).toEqual(['--where', '--wait']);
  expect(await offered('--json', 'finetunings', 'list', '--status', 's')).toEqual(['succeeded']);
  expect(await offered('--url', 'records', 'connections', 'u')).toEqual(['update']);
  expect(await offered('finetunings', 'get', '')).toEqual([]);
  expect(await offered('webhooks', 'update', '1', '--type', 'finetuning.cancel_')).toEqual([
    'finetuning.cancel_requested',
    'finetuning.cancel_too_late',
  ]);
  expect(await offered('keys', 'create', 'ci', '--scope', 'r')).toEqual(['read', 'run']);
  // The list of the terminal is its own: each type of the server's is in it.
  expect((await offered('audit', '--type', '')).toSorted()).toEqual([...auditTypes].toSorted());
  expect(await offered('audit', '--type', 'cancel')).toEqual(['cancel_requested', 'cancelled', 'cancel_too_late']);
});

test('where a file is wanted, the shell completes file names itself', () => {
  const filesAfter = (...words: string[]) => complete(createProgram(), words).files;
  expect(filesAfter('records', 'import', '')).toBe(true);
  expect(filesAfter('connections', 'create', '--schema', 'sch')).toBe(true);
  expect(filesAfter('records', 'import', 'golden.jsonl', '')).toBe(false);
  expect(filesAfter('finetunings', 'get', '')).toBe(false);
});

test('every option of every command is offered', () => {
  const program = createProgram();
  for (const group of program.commands) {
    for (const command of group.commands) {
      const { words } = complete(program, [group.name(), command.name(), '--']);
      const own = command.options.map(({ long }) => long);
      expect(words).toEqual(expect.arrayContaining([...own, '--url', '--api-key', '--json', '--help']));
    }
  }
});

test.each(['bash', 'zsh', 'fish'])('the script of %s is printed', async (shell) => {
  const { code, stdout, stderr } = await run(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('goldtune complete --');
});

test('an unknown shell is refused with those that are known', async () => {
  const { code, stderr } = await run(['completion', 'tcsh']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Allowed choices are bash, zsh, fish') });
});
