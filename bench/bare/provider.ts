// A provider as a process of its own, that costs next to nothing: it answers what goldtune asks of OpenAI's API, after a
// delay that is set, and counts what it was asked. Where it is silent, requests are taken and not answered.
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Jobs, jobOfRun, shown } from '../provider/jobs.ts';
import { settingsSchema } from '../provider/settings.ts';

const jobs = new Jobs();
let delay_ms = 0;
let isSilent = false;
let requests = 0;
let inFlight = 0;
let mostInFlight = 0;

const created = z.object({ metadata: z.object({ goldtune_finetuning: z.string() }) });

/** Null: there is no such thing. */
async function answerTo(request: IncomingMessage): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
  const [, , kind, what, id, deed] = pathname.split('/');
  if (kind === 'files') return fileFor(request);
  if (kind === 'models') return { object: 'list', data: [] };
  if (kind !== 'fine_tuning' || what !== 'jobs') return null;
  if (request.method === 'POST' && id === undefined) {
    const { metadata } = created.parse(JSON.parse(await text(request)));
    return shownOrNull(jobs.see(jobOfRun(metadata.goldtune_finetuning)));
  }
  if (id === undefined) {
    const page = jobs.page(searchParams.get('after'), Number(searchParams.get('limit') ?? 20));
    return { object: 'list', data: page.jobs.map(shown), has_more: page.has_more };
  }
  if (deed === 'events') return { object: 'list', data: [], has_more: false };
  return shownOrNull(deed === 'cancel' ? jobs.cancel(id) : jobs.see(id));
}

const shownOrNull = (job: Parameters<typeof shown>[0] | null) => job && shown(job);

let files = 0;
async function fileFor(request: IncomingMessage): Promise<unknown> {
  if (request.method === 'GET') return { object: 'list', data: [], has_more: false };
  if (request.method === 'DELETE') return { id: request.url?.split('/').at(-1), object: 'file', deleted: true };
  let head = '';
  // What is uploaded is not kept.
  for await (const chunk of request) if (head.length < 4096) head += String(chunk).slice(0, 4096);
  const filename = /filename="([^"]*)"/.exec(head)?.[1] ?? '';
  return { id: `file-${++files}`, object: 'file', filename, purpose: 'fine-tune', status: 'processed' };
}

/** What is set is set before it is answered; the figures are since the last time. */
function set(settings: z.infer<typeof settingsSchema>) {
  const figures = { requests, most_in_flight: mostInFlight, ...jobs.figures() };
  delay_ms = settings.delay_ms ?? delay_ms;
  isSilent = settings.silent ?? isSilent;
  if (settings.jobs !== undefined) jobs.watch(settings.jobs);
  requests = 0;
  mostInFlight = 0;
  return figures;
}

const server = createServer(async (request, answer) => {
  const say = (status: number, body: unknown) => {
    const json = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
    answer.writeHead(status, headers).end(json);
  };
  if (request.url === '/settings') return say(200, set(settingsSchema.parse(JSON.parse(await text(request)))));
  requests += 1;
  mostInFlight = Math.max(mostInFlight, ++inFlight);
  // Whoever asked may be gone by then.
  answer.once('close', () => inFlight--);
  if (isSilent) return;
  const body = await answerTo(request);
  if (delay_ms > 0) await sleep(delay_ms);
  if (body !== null) return say(200, body);
  say(404, { error: { message: 'There is no such thing.', type: 'invalid_request_error', param: null, code: null } });
});
// Connections that goldtune keeps are never closed under a request.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.({ port: address?.port });
});
