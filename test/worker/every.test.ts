// Rounds of a task know how long none has ended well, which is what a worker's readiness is about.
import { expect, test } from 'vitest';
import { every } from '../../server/worker/every.ts';
import { until } from '../until.ts';

test('time since a round ended well grows while each fails, and begins anew with one that does not', async () => {
  let fails = true;
  const failures: string[] = [];
  const log = { info() {}, warn() {}, error: (_about: object, message: string) => void failures.push(message) };
  const task = async () => {
    if (fails) throw new Error('no database');
  };
  await using rounds = every(1, 'sweep', task, log);
  await until(() => failures.length > 2, 'three rounds have failed');
  const [first, then] = [rounds.sinceDone_ms(), failures.length];
  await until(() => failures.length > then && rounds.sinceDone_ms() > first, 'it has grown over another failure');
  const failed = rounds.sinceDone_ms();
  fails = false;
  await until(() => rounds.sinceDone_ms() < failed, 'it began anew');
  expect(new Set(failures)).toEqual(new Set(['sweep failed; it tries again']));
});
