// A reader of one run's events, at the least cost: it tells when each came, and reads nothing of them but their number.
import { request } from 'node:http';

export type Reader = Disposable & {
  /** Resolves with the moment when an event of that number came. */
  came(version: number): Promise<number>;
};

/** Resolves when the first event has come: from then on it waits for news. */
export async function openStream(url: string, run: string): Promise<Reader> {
  const seen = new Map<number, PromiseWithResolvers<number>>();
  const event = (version: number) => {
    const known = seen.get(version) ?? Promise.withResolvers<number>();
    seen.set(version, known);
    return known;
  };
  const asked = request(`${url}/api/v1/finetunings/${run}/events`, {
    headers: { accept: 'text/event-stream' },
    agent: false,
  });
  const fail = (error: Error) => event(1).reject(error);
  asked.on('error', fail).on('response', (response) => {
    if (response.statusCode !== 200) fail(new Error(`a stream was answered ${response.statusCode}`));
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const now = performance.now();
      text += chunk;
      for (const [, version] of text.matchAll(/^id: (\d+)\n\n/gm)) event(Number(version)).resolve(now);
      text = text.slice(text.lastIndexOf('\n\n') + 2);
    });
    // Who measures ends it.
    response.on('error', () => {});
  });
  asked.end();
  await event(1).promise;
  asked.off('error', fail).on('error', () => {});
  return { came: (version) => event(version).promise, [Symbol.dispose]: () => asked.destroy() };
}
