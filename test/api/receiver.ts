// A receiver of webhooks, on this machine: it keeps what it is sent, and answers as a test says.
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { webhookMessage } from '../../server/finetuning/contract/webhook-message.ts';
import { listening } from '../provider/listening.ts';

const ping = z.object({
  type: z.literal('ping'),
  timestamp: z.iso.datetime(),
  data: z.object({ endpoint_id: z.string() }),
});
/** Exactly as the contract has it: nothing is told that it does not name. */
const told = webhookMessage.extend({ data: webhookMessage.shape.data.strict() }).strict();

type Received = { id: string; headers: Record<string, string>; body: string } & (
  | z.infer<typeof told>
  | z.infer<typeof ping>
);
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
      ...z.union([told, ping]).parse(JSON.parse(last.body)),
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
    of: ({ id }: { id: string }) =>
      receiver.got.flatMap((one) => (one.type !== 'ping' && one.data.id === id ? [one] : [])),
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
