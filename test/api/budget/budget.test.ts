// Every field of every request at its largest, and one beyond: a small answer, no fault of ours, and nobody else waits.
import { expect, test } from 'vitest';
import { startWorld, type World } from '../../world.ts';
import { everything, type Field, idsIn, type Part } from './parts.ts';
import { budgetOf, type Place, put, type Way } from './places.ts';

/** A refusal; and what is answered beside what was stored. */
const SMALL = 64_000;
/** Neighbours that are answered while a long list is read. */
const ENOUGH = 2;

const shown = ({ name, part }: Part, way: Way) => [name, part, ...way].join(' ');

test('every field of every request has a bound that its schema tells', () => {
  const parts = everything(() => ({}));
  const unbounded = parts.flatMap((part) => budgetOf(part.schema).unbounded.map((way) => shown(part, way)));
  expect(unbounded).toEqual([]);
  // A walk that finds nothing would find nothing wrong.
  expect(parts.flatMap((part) => budgetOf(part.schema).places).length).toBeGreaterThan(150);
});

const isSize = ({ type }: Field) => /too_long$|^less_than/.test(type);

/** Whether a fault is of the place, or of what is in it. */
const isOf = ({ loc }: Field, { part }: Part, { way }: Place) => {
  const spelt = part === 'header' ? way.map((step) => String(step).toLowerCase()) : way;
  return [part, ...spelt].every((step, index) => loc[index] === step);
};

/** Asks beside it whether the server is there, and how often that is answered before it is over, up to a few times. */
async function neighboursOf(world: World, asked: Promise<unknown>): Promise<number> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  asked.then(over, over);
  for (let answered = 0; answered < ENOUGH; answered++) {
    await world.request('GET', '/healthz');
    if (isOver) return answered;
  }
  return ENOUGH;
}

test('at its largest each is served or refused in few words, and one beyond is refused by its name', async () => {
  await using world = await startWorld();
  let stored = 0;
  for (const part of everything(await idsIn(world))) {
    for (const place of budgetOf(part.schema).places) {
      const about = shown(part, place.way);
      const asked = part.send(world, (usual) => put(usual, place.way, place.largest));
      if (place.isLong) expect([about, await neighboursOf(world, asked)]).toEqual([about, ENOUGH]);
      const largest = await asked;
      const isServed = largest.status < 300;
      // A list may hold all of it.
      stored += isServed ? largest.sent : 0;
      const allowed = isServed ? SMALL + 3 * stored : SMALL;
      const refusedForSize = largest.fields.filter((field) => isSize(field) && isOf(field, part, place));
      expect({ about, failed: largest.status >= 500, large: largest.bytes > allowed, refusedForSize }).toEqual({
        about,
        failed: false,
        large: false,
        refusedForSize: [],
      });
      if (place.beyond === undefined) continue;
      const beyond = await part.send(world, (usual) => put(usual, place.way, place.beyond));
      const isNamed = beyond.fields.some((field) => isOf(field, part, place));
      const isRefused = beyond.status >= 400 && beyond.status < 500;
      expect({ about, isRefused, isNamed, large: beyond.bytes > SMALL }).toEqual({
        about,
        isRefused: true,
        isNamed: true,
        large: false,
      });
    }
  }
  expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
});
