// Stands before slurmrestd and loses, once, a request on its way there or an answer on its way back.
import type { IncomingHttpHeaders } from 'node:http';
import { listening } from '../provider/listening.ts';

export type Lost = { isMeant: (method: string, path: string) => boolean; what: 'request' | 'answer' };

export async function losingFront(daemon: string) {
  let next: Lost | null = null;
  const server = await listening(async (request, response) => {
    const { method = '', url = '' } = request;
    const lost = next?.isMeant(method, url) ? next.what : null;
    if (lost !== null) next = null;
    const body = server.seen.find((seen) => seen.headers === request.headers)?.body;
    const answer = lost === 'request' ? null : await passOn(new URL(url, daemon), method, request.headers, body);
    if (answer === null || lost === 'answer') request.socket.destroy();
    else response.writeHead(answer.status).end(answer.text);
  });
  return {
    address: new URL(server.url).origin,
    lose(lost: Lost): void {
      next = lost;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Null: there is no answer. */
async function passOn(url: URL, method: string, given: IncomingHttpHeaders, body: string | undefined) {
  const headers = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      /^(x-slurm|content-type)/.test(name) && typeof value === 'string' ? [[name, value]] : [],
    ),
  );
  try {
    const answer = await fetch(url, { method, headers, ...(body ? { body } : {}) });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return null;
  }
}
