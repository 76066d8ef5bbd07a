// A receiver of webhooks, on this machine: it keeps what it is sent, and answers as a test says.
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { listening } from '../provider/listening.ts';

const message = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.looseObject({ id: z.string().optional(), version: z.number().optional(), status: z.string().optional() }),
});

type Received = { id: string; headers: Record<string, string>; body: string } & z.infer<typeof message>;
type Answer = (response: ServerResponse, received: Received) => void;
export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

export async function startReceiver() {
  const server = await listening((_request, response) => {
    const last = server.seen.at(-1);
    if (!last) return;
    const headers = Object.fromEntries(Object.entries(last.headers).map(([name, value]) => [name, String(value)]));
    const received = {
      id: headers['webhook-id'] ?? '',
      headers,
      body: last.body,
      ...message.parse(JSON.parse(last.body)),
    };
    receiver.got.push(received);
    receiver.answer(response, received);
  });
  const receiver = {
    /** Each time that somebody came, whatever was made of it. */
    got: [] as Received[],
    answer: taken as Answer,
    port: server.port,
    url: `http://127.0.0.1:${server.port}/hooks`,
    /** Of that run, in the order in which it came. */
    of: ({ id }: { id: string }) => receiver.got.filter(({ data }) => data.id === id),
    types: (run: { id: string }) => receiver.of(run).map(({ type }) => type.replace('finetuning.', '')),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return receiver;
}

export const taken: Answer = (response) => response.writeHead(204).end();

export const answering =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);

/** @throws where no signature is of that secret */
export const verified = ({ headers, body }: Received, secret: string) => new Webhook(secret).verify(body, headers);
