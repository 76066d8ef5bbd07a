// How the end of a submit is told from slurmrestd's reply.
import { expect, test } from 'vitest';
import { attempt, attemptSubmit } from '../../../server/provider/slurm/classify.ts';
import { emptyReply, submittedReply } from '../../../server/provider/slurm/replies.ts';

const replied = (status: number, body: object) => async () => ({ status, text: JSON.stringify(body) });
const error = (error_number: number) => ({ error_number, error: 'as Slurm says it', description: '' });

test.each([
  ['is held', 2042],
  ['asks for what no node has now', 2015],
  ['is beyond what its service class may use now', 2050],
  ['waits for a reservation', 2059],
  ['waits for a node', 2016],
  ['says what nobody knows', 9999],
])('a submit that names a job has made it, though it %s', async (_what, number) => {
  for (const status of [200, 500]) {
    const outcome = await attemptSubmit(replied(status, { job_id: 7, errors: [error(number)] }), submittedReply);
    expect(outcome).toEqual({ kind: 'done', value: '7' });
  }
});

test('a submit that names no job is refused for what is known to refuse it, and unknown otherwise', async () => {
  const outcome = (number: number, more: object = {}) =>
    attemptSubmit(replied(500, { ...more, errors: [error(number)] }), submittedReply);
  expect(await outcome(2000)).toMatchObject({ kind: 'refused', refusal: { code: 'invalid' } });
  expect(await outcome(2015, { job_id: 0 })).toMatchObject({ kind: 'refused', refusal: { code: 'busy' } });
  expect(await outcome(9999)).toMatchObject({ kind: 'unknown' });
  expect(await attemptSubmit(replied(200, { errors: [] }), submittedReply)).toMatchObject({ kind: 'unknown' });
});

test('a submit whose reply could not be verified may have made its job, where any other request is refused', async () => {
  const unverified = replied(500, { errors: [error(1007)] });
  expect(await attemptSubmit(unverified, submittedReply)).toMatchObject({ kind: 'unknown' });
  expect(await attempt(unverified, emptyReply)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'unauthorized' },
  });
});
