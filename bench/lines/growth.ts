// What one request takes where nothing else is asked, by how many runs there are.
import { startPostgres } from '../../test/postgres/server.ts';
import { alone } from '../alone.ts';
import { requestOf } from '../http-load.ts';
import type { Contender } from '../interleaved.ts';
import type { Line } from '../line.ts';
import { firstPage, overRest } from '../lists.ts';
import { idsAgain, idsOf, insertRuns } from '../rows.ts';
import { serviceOn } from '../service.ts';

const SIZES = [1000, 10_000, 100_000, 1_000_000];
/** Of each kind in a round; and so many before, and in all so many runs are cancelled, of the thousand too. */
const EACH = 50;

export const growth: Line = {
  name: 'growth with the number of runs',
  goal: 'none grows with the rows',
  async measure({ rows, rounds }) {
    await using resources = new AsyncDisposableStack();
    const sizes = SIZES.filter((size) => size <= Math.max(rows, 1000));
    const places: { size: number; contenders: Contender[] }[] = [];
    for (const size of sizes) {
      const server = resources.use(await startPostgres({ durable: true }));
      const { url } = resources.use(await serviceOn({ DATABASE_URL: server.url() }));
      await insertRuns(server.url(), size);
      places.push({ size, contenders: contendersOf(url, size) });
    }
    const measured = await alone(
      places.flatMap(({ contenders }) => contenders),
      rounds,
      EACH,
    );
    const names = places[0]?.contenders.map(({ name }) => name) ?? [];
    const figures = places.map(({ size }, place) => ({
      size,
      spreads: names.map((name, index) => ({ name, ...(measured[place * names.length + index] ?? NONE) })),
    }));
    return {
      extent: `Over REST, one at a time, ${EACH} of each in a round, ${rounds} rounds: the median in milliseconds, of the rounds.`,
      table: [
        ['runs', ...names],
        ...figures.map(({ size, spreads }) => [
          size.toLocaleString('en-US'),
          ...spreads.map(({ median, least, most }) => `${median} (${least} – ${most})`),
        ]),
      ],
      figures,
      curve: {
        title: 'One request, by the number of runs',
        along: 'runs in the database',
        series: names.map((name, index) => ({
          name,
          points: figures.map(({ size, spreads }) => ({ x: size, ms: spreads[index]?.median ?? 0 })),
        })),
      },
    };
  },
};

const NONE = { median: 0, least: 0, most: 0 };

function contendersOf(url: string, size: number): Contender[] {
  const [any, unused] = [idsAgain(size), idsOf(size)];
  return [
    {
      name: 'get',
      url,
      request: () => requestOf('GET', `/api/v1/finetunings/${any()}`),
      isRight: ({ status }) => status === 200,
    },
    overRest('list of 100', url, firstPage),
    {
      name: 'cancel',
      url,
      request: () => requestOf('POST', `/api/v1/finetunings/${unused()}/cancel`),
      isRight: ({ status, text }) => status === 200 && text.includes('"status":"cancelled"'),
    },
  ];
}
