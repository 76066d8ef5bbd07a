// Whatever one client does, at its largest allowed size, another one's cancel is answered, and truthfully.
import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { type Answer, bodyOf, startWorld } from '../world.ts';
import { heavy } from './heavy.ts';

const CANCELS = 6;

/**
 * What is answered in the end. On a machine that is starved the truth may be 503, which says that nothing is recorded and
 * to ask again: how often that is, bench/neighbour.ts measures.
 */
const answered = (ask: () => Promise<Answer>): Promise<Answer> =>
  until(async () => {
    const answer = await ask();
    if (answer.status !== 503) return answer;
    expect(Object(answer.body).detail).toMatch(/not recorded; try again/);
    return null;
  }, 'a cancel is answered with more than 503');

describe('a cancel is answered truthfully while somebody else asks for', () => {
  test.each(Object.entries(heavy))('%s', async (_name, prepare) => {
    await using world = await startWorld();
    const goldtune = { url: world.app.url ?? '' };
    const act = await prepare(goldtune);
    const runs = await Promise.all(
      Array.from({ length: CANCELS }, (_, index) => world.createIn(index % 2 === 0 ? 'queued' : 'running')),
    );
    await act(async () => {
      for (const run of runs) {
        const answer = await answered(() => world.cancel(run.id, undefined, { prefer: 'wait=3' }));
        const { cancellation } = Object(answer.body);
        expect([200, 202], JSON.stringify(answer.body)).toContain(answer.status);
        expect(cancellation.state).toBe(answer.status === 200 ? 'confirmed' : 'requested');
        // Proven is proven: nothing of it trains at the provider.
        if (answer.status === 200) {
          expect(world.jobsOf(run.id).every(({ status }) => status === 'cancelled')).toBe(true);
        }
      }
    });
    // None is lost: each comes to be proven, and no further word was needed for that.
    for (const run of runs) await world.reached(run.id, ({ status }) => status === 'cancelled', 'cancelled');
    expect(bodyOf(await world.request('GET', '/healthz'), 200)).toBeDefined();
  });
});
