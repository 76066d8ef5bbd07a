// The sandbox: an HTTP server that emulates OpenAI's files and fine-tuning jobs. Nothing is trained, nothing is billed.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { SandboxError } from './errors.ts';
import { createFile, deleteFile, fileContent, listFiles, retrieveFile } from './files.ts';
import { type GuardOptions, limitBody, requireKey, requireLocal } from './guard.ts';
import { cancelJob, createJob, listCheckpoints, listEvents, listJobs, refusePause, retrieveJob } from './jobs.ts';
import { Ledger } from './ledger.ts';
import type { ServedLedger } from './served-ledger.ts';
import { type Pace, REAL_PACE } from './timeline.ts';

export type Operation =
  | 'files.create'
  | 'files.list'
  | 'files.retrieve'
  | 'files.content'
  | 'files.delete'
  | 'jobs.create'
  | 'jobs.list'
  | 'jobs.retrieve'
  | 'jobs.cancel'
  | 'jobs.events'
  | 'jobs.checkpoints'
  | 'jobs.pause'
  | 'jobs.resume';

/** Stands between the network and the sandbox, to rehearse what can go wrong there. */
export type Intercept = (call: {
  operation: Operation;
  request: Request;
  /** Lets the sandbox do it. */
  execute: () => Promise<Response>;
  /** Breaks the connection. */
  abort: () => void;
}) => Promise<Response>;

/** Node's own 5 s would cut off a client that was merely not scheduled, just as it sends its next request. */
const KEEP_ALIVE_MS = 600_000;

/** In words of its own: those of a database repeat the statement and what was to be stored. */
const failures = {
  500: 'The sandbox failed; the log of goldtune says why.',
  503: 'The sandbox cannot reach its ledger just now; it will be asked again.',
};

export type ServingOptions = GuardOptions & {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  /** How many times faster than its pace; default 1. */
  timeScale?: number;
  /** How long the phases of a job take; default: about as long as at a provider. */
  pace?: Pace;
  /** Names it takes; every name where left out. */
  models?: readonly string[];
  intercept?: Intercept;
  /**
   * Is told why the sandbox failed, which it keeps from its callers: it may hold what was uploaded.
   * @returns what it answers: 503 where the ledger is away for a while. Left out: 500.
   */
  onFailure?: (error: unknown) => keyof typeof failures;
};

export type SandboxOptions = ServingOptions & {
  /** Path of the SQLite file, or ":memory:". */
  ledgerPath: string;
  /** Milliseconds since 1970, by which jobs proceed; the machine's clock where left out. */
  now?: () => number;
};

/** Base URL for an OpenAI client. */
export type Served = AsyncDisposable & { url: string };

export type Sandbox = Served & { ledger: Ledger };

/** On a ledger of its own in a file. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const ledger = openLedger(options);
  const { url, [Symbol.asyncDispose]: stop } = await serveSandbox(ledger, options);
  return {
    url,
    ledger,
    async [Symbol.asyncDispose]() {
      await stop();
      ledger.close();
    },
  };
}

export async function serveSandbox(ledger: ServedLedger, options: ServingOptions): Promise<Served> {
  const { host = '127.0.0.1', port = 0 } = options;
  const server = createAdaptorServer({
    fetch: routes(ledger, options).fetch,
    serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS },
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host}:${bound}/v1`,
    async [Symbol.asyncDispose]() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** @throws Error with one clear line where the file is not one of ours, or cannot be written. */
export function openLedger({ ledgerPath: path, now }: Pick<SandboxOptions, 'ledgerPath' | 'now'>): Ledger {
  try {
    return new Ledger(path, now);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The sandbox cannot use its ledger ${path}: ${reason}. Move that file away, or make it writable.`, {
      cause: error,
    });
  }
}

type Handler = (input: { request: Request; url: URL; id: string }) => Response | Promise<Response>;

function routes(ledger: ServedLedger, options: ServingOptions): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const jobOptions = {
    models: options.models ?? null,
    timeScale: options.timeScale ?? 1,
    pace: options.pace ?? REAL_PACE,
  };
  const jobs = '/v1/fine_tuning/jobs';
  const table: [method: string, path: string, operation: Operation, handle: Handler][] = [
    ['POST', '/v1/files', 'files.create', ({ request }) => createFile(ledger, request)],
    ['GET', '/v1/files', 'files.list', ({ url }) => listFiles(ledger, url)],
    ['GET', '/v1/files/:id', 'files.retrieve', ({ id }) => retrieveFile(ledger, id)],
    ['GET', '/v1/files/:id/content', 'files.content', ({ id }) => fileContent(ledger, id)],
    ['DELETE', '/v1/files/:id', 'files.delete', ({ id }) => deleteFile(ledger, id)],
    ['POST', jobs, 'jobs.create', ({ request }) => createJob(ledger, request, jobOptions)],
    ['GET', jobs, 'jobs.list', ({ url }) => listJobs(ledger, url)],
    ['GET', `${jobs}/:id`, 'jobs.retrieve', ({ id }) => retrieveJob(ledger, id)],
    ['POST', `${jobs}/:id/cancel`, 'jobs.cancel', ({ id }) => cancelJob(ledger, id)],
    ['GET', `${jobs}/:id/events`, 'jobs.events', ({ id, url }) => listEvents(ledger, id, url)],
    ['GET', `${jobs}/:id/checkpoints`, 'jobs.checkpoints', ({ id, url }) => listCheckpoints(ledger, id, url)],
    ['POST', `${jobs}/:id/pause`, 'jobs.pause', ({ id }) => refusePause(ledger, id)],
    ['POST', `${jobs}/:id/resume`, 'jobs.resume', ({ id }) => refusePause(ledger, id)],
  ];

  app.use(async (c, next) => {
    await next();
    c.header('x-goldtune-sandbox', 'true');
    c.header('x-request-id', `req_${randomUUID().replaceAll('-', '')}`);
  });
  app.use(requireLocal(options), requireKey(options), limitBody());
  for (const [method, path, operation, handle] of table) {
    app.on(method, path, async (c) => {
      const request = c.req.raw;
      const execute = async () => handle({ request, url: new URL(request.url), id: c.req.param('id') ?? '' });
      const answered = async () => {
        try {
          return await execute();
        } catch (error) {
          if (error instanceof SandboxError) return error.toResponse();
          throw error;
        }
      };
      const abort = () => c.env.incoming.socket.destroy();
      return options.intercept ? options.intercept({ operation, request, execute: answered, abort }) : answered();
    });
  }
  app.notFound((c) =>
    new SandboxError({
      status: 404,
      message: `Unknown request URL: ${c.req.method} ${c.req.path}`,
      code: 'unknown_url',
    }).toResponse(),
  );
  app.onError((error) => {
    const status = options.onFailure?.(error) ?? 500;
    return new SandboxError({ status, message: failures[status] }).toResponse();
  });
  return app;
}
