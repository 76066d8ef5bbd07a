// The heartbeat, which clients of the original service ask whether it is there.
import { z } from 'zod';
import { type Route, route } from './route.ts';

const KEY = 'nanosecond heartbeat';

const heartbeat = z
  .object({
    [KEY]: z
      .number()
      .meta({ description: "The server's time, nanoseconds since 1970.", example: 1_763_660_153_263_000_000 }),
  })
  .meta({ id: 'Heartbeat', description: 'That the server is there, and what time it has.' });

export const serviceRoutes: Route[] = [
  route(
    'get',
    '/api/v1/heartbeat',
    {},
    {
      operationId: 'getHeartbeat',
      summary: 'Ask whether the server is there',
      description:
        'Answers with the time of the server. Larger than the whole numbers a JavaScript client can hold, and exact to the millisecond.',
      tag: 'Service',
      answers: {
        200: {
          description: 'It is there.',
          schema: heartbeat,
          examples: { now: { summary: 'The time in nanoseconds', value: { [KEY]: 1_763_660_153_263_000_000 } } },
        },
      },
      errors: [],
    },
    // Past 2^53 a number is written with the fewest digits that name it, which here are those of the millisecond.
    async () => ({ body: { [KEY]: Date.now() * 1_000_000 } }),
  ),
];
