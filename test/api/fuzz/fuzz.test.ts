// Whatever is sent to any door, it is no failure of ours, and what is refused changes nothing; made from the schemas, by chance.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atLevel, LONGEST_MS } from '../../proof/level.ts';
import { seedOf } from '../../proof/seed.ts';
import { wrongIn } from './answers.ts';
import { type Ground, ground } from './ground.ts';
import { notKept } from './kept.ts';
import { type Door, doors, openDoors, type Sent } from './requests.ts';
import { changed } from './rows.ts';
import { send, type Told } from './sending.ts';

/** Of each door, with each key. */
const RUNS = Number(process.env['RUNS'] ?? atLevel({ small: 3, proof: 20, deep: 2000 }));

/** A cancel that comes too late is kept all the same (I8). */
const isKeptRefusal = ({ text }: Told) => /"already_(succeeded|failed)"|has already (succeeded|failed)/.test(text);

/** As the request before left it, since nothing else asks. */
let before: Record<string, string> | null = null;

/** What is wrong with how a request was answered and what came of it. */
async function wrongWith(ground: Ground, sent: Sent, isTrpc: boolean, key: string | null, mayChange: boolean) {
  before ??= await ground.rows();
  const { world, rows } = ground;
  const logged = world.log.length;
  const told = await send(world.app.url ?? '', sent, ground.present(), key);
  const after = await rows();
  const isAccepted = told.status < 300 || isKeptRefusal(told);
  const changes = mayChange && isAccepted ? [] : changed(before, after);
  before = after;
  const failures = world.log.slice(logged).filter(({ level, message }) => level === 'error' && !/worker/.test(message));
  const wrong = [
    ...wrongIn(told, isTrpc),
    ...changes.map((name) => `rows of ${name} were changed`),
    ...failures.map(({ message }) => `logged: ${message}`),
  ];
  return { told, wrong };
}

const shown = ({ status, text }: Told) => `${status} ${text.slice(0, 500)}`;

async function knockedAt(door: Door, on: Ground, seed: number) {
  let accepted = 0;
  const property = fc.asyncProperty(door.requests, async (sent) => {
    const looked = await wrongWith(on, sent, door.isTrpc, on.reader, false);
    expect({ wrong: looked.wrong, told: shown(looked.told) }).toMatchObject({ wrong: [] });
    const { told, wrong } = await wrongWith(on, sent, door.isTrpc, on.admin, true);
    expect({ wrong, told: shown(told) }).toMatchObject({ wrong: [] });
    expect(notKept(door, sent, told, on.present())).toEqual([]);
    if (told.status >= 300) return;
    accepted++;
    if (/delete|cancel|revoke|rotate/i.test(`${door.name} ${sent.method}`)) {
      await on.restock(door.about);
      before = null;
    }
  });
  await fc.assert(property, { seed, numRuns: RUNS });
  return accepted;
}

test('no door fails, tells of our inside or changes what it refuses, whatever it is sent', {
  timeout: LONGEST_MS,
}, async () => {
  await using on = await ground();
  before = null;
  const seed = seedOf('fuzz', 'test/api/fuzz');
  const accepted: Record<string, number> = {};
  for (const door of doors.filter(({ name }) => name.includes(process.env['DOOR'] ?? ''))) {
    accepted[door.name] = await knockedAt(door, on, seed);
  }
  if (process.env['SHOW']) console.log(accepted);
  // Requests that are all refused would show little.
  const never = Object.keys(accepted).filter((name) => accepted[name] === 0);
  expect(never.length).toBeLessThan(atLevel({ small: 0.85 * doors.length, proof: 0.5 * doors.length, deep: 10 }));
});

test('what stands outside the table of routes changes nothing and never fails, whatever it is sent', {
  timeout: LONGEST_MS,
}, async () => {
  await using on = await ground();
  before = null;
  const seed = seedOf('fuzz', 'test/api/fuzz');
  for (const { requests } of openDoors) {
    const property = fc.asyncProperty(requests, async (sent) => {
      const { told, wrong } = await wrongWith(on, sent, false, null, false);
      expect({ wrong, told: shown(told) }).toMatchObject({ wrong: [] });
    });
    await fc.assert(property, { seed, numRuns: 2 * RUNS });
  }
});
