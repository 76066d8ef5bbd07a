// Whatever one client does, at its largest allowed size, another one's cancel is answered, and truthfully.
import { describe, expect, test } from 'vitest';
import { bodyOf, startWorld } from '../world.ts';
import { heavy } from './heavy.ts';

const CANCELS = 6;

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
        const answer = await world.cancel(run.id, undefined, { prefer: 'wait=3' });
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
