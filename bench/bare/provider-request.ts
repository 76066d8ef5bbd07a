// A request to the provider at the least cost: on connections that are kept, with nothing but what is needed.
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const agent = new Agent({ keepAlive: true });
const shown = z.object({ status: z.string() });

/** @returns the job that is answered. @throws Error with any other answer */
export function ask(provider: string, method: 'GET' | 'POST', path: string): Promise<{ status: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: string }>();
  const asked = request(`${provider}${path}`, { method, agent }, async (response) => {
    try {
      resolve(shown.parse(JSON.parse(await text(response))));
    } catch (error) {
      reject(error);
    }
  });
  asked.on('error', reject).end();
  return promise;
}
