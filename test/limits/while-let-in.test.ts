// How long a stream lasts: as long as whoever opened it would be let in once more.
import { expect, test } from 'vitest';
import { unauthorized } from '../../server/finetuning/admission.ts';
import { DomainError } from '../../server/finetuning/errors.ts';
import { Unavailable } from '../../server/finetuning/unavailable.ts';
import { whileLetIn } from '../../server/http/while-let-in.ts';
import { until } from '../until.ts';

/** Asked again at once, and answered with each of these in turn, then with the last for good. */
function asking(left: AbortSignal | undefined, ...answers: (Error | null)[]) {
  let asked = 0;
  const lasting = whileLetIn(
    async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (answer) throw answer;
    },
    left,
    1,
  );
  return { lasting, count: () => asked };
}

test.each([
  ['a key that was revoked', unauthorized('It was revoked.')],
  ['one that may no longer read', new DomainError('scope_missing', 'It may cancel.')],
])('it ends with a reason, and nobody is asked any more: %s', async (_what, refusal) => {
  const { lasting, count } = asking(undefined, null, refusal);
  await until(() => lasting.signal.aborted, 'it has ended');
  expect([lasting.signal.reason, count()]).toEqual([refusal, 2]);
});

test('a database that is away, or an address that guesses, ends nothing', async () => {
  const away = new Unavailable('The database cannot be reached');
  const { lasting, count } = asking(undefined, away, new DomainError('rate_limited', 'Too many.'), new TypeError('?'));
  await until(() => count() > 5, 'it was asked again and again');
  expect(lasting.signal.aborted).toBe(false);
  lasting[Symbol.dispose]();
});

test('whoever leaves ends it, and is not asked about any more', async () => {
  const leaving = new AbortController();
  const { lasting, count } = asking(leaving.signal, null);
  await until(() => count() > 1, 'it was asked');
  leaving.abort();
  expect(lasting.signal.aborted).toBe(true);
  const asked = count();
  const other = asking(undefined, null);
  await until(() => other.count() > 5, 'time has passed');
  other.lasting[Symbol.dispose]();
  expect(count()).toBeLessThanOrEqual(asked + 1);
});
