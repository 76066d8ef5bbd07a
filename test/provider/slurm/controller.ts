// A controller as slurmrestd shows it, with one id that can become another job's at any request.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { NAME } from './written.ts';

export const OTHER = 'of-somebody-else';

export type Job = { name: string; job_state: string; priority: number };
export const held = (name = NAME): Job => ({ name, job_state: 'PENDING', priority: 0 });
export const waiting = (name = NAME): Job => ({ name, job_state: 'PENDING', priority: 10 });

/** @param before is called before each request is carried out, and may change the job */
export async function controllerOf(job: Job, before: (method: string, job: Job) => void = () => {}) {
  const server = createServer(async (request, response) => {
    const method = request.method ?? '';
    const sent: { hold?: boolean; job_name?: string; signal?: string; flags?: string[] } = JSON.parse(
      (await text(request)) || '{}',
    );
    before(method, job);
    const answer = (body: object) => response.end(JSON.stringify({ errors: [], ...body }));
    if (method === 'GET') return answer({ jobs: [{ job_id: 7, ...job }] });
    if (method === 'POST') {
      job.priority = sent.hold ? 0 : 10;
      return answer({});
    }
    if (request.url?.endsWith('/job/7')) {
      job.job_state = 'CANCELLED';
      return answer({});
    }
    const isMet = sent.job_name === job.name && sent.signal === 'KILL';
    if (isMet) job.job_state = 'CANCELLED';
    return answer({ status: isMet && sent.flags?.includes('VERBOSE') ? [{ error: { code: 0, string: '' } }] : [] });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    address: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
