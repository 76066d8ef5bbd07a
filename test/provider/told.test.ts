// What the command line tells of a provider is what that declares, whatever it is.
import { expect, test } from 'vitest';
import { providerText } from '../../client/src/cli/providers/provider-text.ts';
import { configured } from '../../server/http/rest/examples/providers.ts';

const told = (declares: Partial<(typeof configured.value)[0]['guarantees']>) => {
  const [openAi] = configured.value;
  if (!openAi) throw new Error('there is no example');
  return providerText({ ...openAi, guarantees: { ...openAi.guarantees, ...declares } }, null);
};

test('that late creates are harmless is said of a provider with a fence alone', () => {
  expect(told({ fence: 'file' })).toMatch(/^late creates +harmless without their training file$/m);
  const unfenced = told({ fence: 'none' });
  expect(unfenced).toMatch(/^late creates +train: a stop assumes that they come within a settle window, or never$/m);
  expect(unfenced).not.toContain('harmless');
});

test('who names a job is told', () => {
  expect(told({ identity: 'assigned' })).toMatch(
    /^named by +the provider: a create without an answer is searched for$/m,
  );
  expect(told({ identity: 'named' })).toMatch(
    /^named by +goldtune, each name once: a create that comes twice makes one/m,
  );
});

test.each([
  [true, 'yes'],
  [false, 'no'],
  [null, 'nobody says'],
])('that a job may finish in spite of a cancel (%s) is told as: %s', (may_finish_anyway, word) => {
  const cancel = { asynchronous: true, may_finish_anyway, keeps_record: null, billed: 'the tokens' };
  expect(told({ cancel })).toMatch(new RegExp(`^may finish all the same +${word}$`, 'm'));
});
