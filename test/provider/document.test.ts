// docs/providers.md says what the adapters declare now.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { declared } from '../../server/provider/guarantees.ts';
import { truthTable } from './truth-table.ts';

test('the truth table of cancel is not stale; if it is, run `npm run providers`', async () => {
  expect(await readFile('docs/providers.md', 'utf8')).toBe(truthTable(declared));
});

test('a guarantee that changes changes what is said of a cancel', () => {
  const [openAi] = declared;
  if (!openAi) throw new Error('nothing is declared');
  const forgetful = {
    ...openAi,
    guarantees: { ...openAi.guarantees, start: 'held', stop: 'fence_then_cancel', tag: 'name_and_comment' },
  } as const;
  const said = truthTable([forgetful]);
  expect(said).toContain('finds no file, and does not train from then on');
  expect(said).toContain('it has not trained; file removed, then cancelled');
  expect(said).not.toContain('there is no such moment');
});

test('what nobody says of a provider is told as unknown, and its costs are not made up', () => {
  const said = truthTable(declared);
  for (const { called, guarantees } of declared) {
    if (guarantees.cancel.may_finish_anyway !== null) continue;
    expect(said).toMatch(new RegExp(`\\*\\*${called}\\*\\* .*Not known: whether a job may finish`));
  }
});

test('where nothing fences a create and we name the jobs, the table says what a stop then rests on', () => {
  const [openAi] = declared;
  if (!openAi) throw new Error('nothing is declared');
  const { guarantees } = openAi;
  const cancel = { ...guarantees.cancel, may_finish_anyway: true };
  const said = truthTable([{ ...openAi, guarantees: { ...guarantees, fence: 'none', identity: 'named', cancel } }]);
  expect(said).toContain('for a settle window it is searched for');
  expect(said).toContain('none will ever train, if none comes later than that');
  expect(said).toContain('| a create that is carried out late | it trains');
  expect(said).toContain('| who names it | goldtune, by a name that is given once');
  expect(said).toContain('| a job may finish in spite of it | yes |');
  expect(said).toContain('it is told as what it has become, never as cancelled');
  expect(said).not.toContain('without its training file');
  expect(said).not.toContain('the training file is removed');
});
