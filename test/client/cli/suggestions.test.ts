// What a misspelt command line may have meant, wherever in the tree that is.
import { expect, test } from 'vitest';
import { createProgram } from '../../../client/src/cli/program.ts';
import { commandsMeant, nearest } from '../../../client/src/cli/suggestions.ts';

const meant = (line: string): string[] => {
  const program = createProgram();
  const words = line.split(' ');
  const group = program.commands.find((command) => command.name() === words[0]);
  return commandsMeant(group ?? program, group ? words.slice(1) : words).map((found) => found.slice(1, -1));
};

test.each([
  ['cancel 1 2', ['goldtune finetunings cancel 1 2']],
  ['cancl 1', ['goldtune finetunings cancel 1']],
  ['stop 1', ['goldtune finetunings cancel 1']],
  ['finetune list', ['goldtune finetunings list']],
  ['finetuning lst', ['goldtune finetunings list']],
  ['run list', ['goldtune finetunings list']],
  ['jobs', ['goldtune finetunings']],
  ['record get 1', ['goldtune records get 1']],
  ['db ls', ['goldtune connections list']],
  ['import golden.csv', ['goldtune records import golden.csv']],
  ['complete-shell', []],
  ['completions zsh', ['goldtune completion zsh']],
  [
    'list',
    ['connections', 'records', 'finetunings', 'bulk-cancels', 'providers', 'keys', 'webhooks', 'people'].map(
      (group) => `goldtune ${group} list`,
    ),
  ],
  ['provider ls', ['goldtune providers list']],
  ['keys delete 1', ['goldtune keys revoke 1']],
  ['token ls', ['goldtune keys list']],
  ['hook ls', ['goldtune webhooks list']],
  ['webhooks add https://x', ['goldtune webhooks create https://x']],
  ['webhooks show 1', ['goldtune webhooks get 1']],
  ['webhooks remove 1', ['goldtune webhooks delete 1']],
  ['webhooks rotate 1', ['goldtune webhooks rotate-secret 1']],
  ['webhooks resend 1 2', ['goldtune webhooks redeliver 1 2']],
  ['revoke 1', ['goldtune keys revoke 1']],
  ['users ls', ['goldtune people list']],
  ['me', ['goldtune whoami']],
  ['log 1', ['goldtune finetunings logs 1']],
  ['records cancel 1', ['goldtune finetunings cancel 1']],
  ['finetunings rm 1', ['goldtune finetunings delete 1']],
  ['connections remove 1', ['goldtune connections delete 1']],
  ['xyzzy', []],
])('goldtune %s', (line, expected) => {
  expect(meant(line)).toEqual(expected);
});

test('of many words that follow, the first few are repeated', () => {
  expect(meant('cancel 1 2 3 4 5')).toEqual(['goldtune finetunings cancel 1 2 3']);
});

test('a word is taken for another only where it is near', () => {
  expect(nearest('runing', ['queued', 'running'])).toBe('running');
  expect(nearest('RUNNING', ['queued', 'running'])).toBe('running');
  expect(nearest('stopped', ['queued', 'running'])).toBeNull();
  expect(nearest('x', [])).toBeNull();
});
