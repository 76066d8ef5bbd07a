// What tells an orchestrator how a process fares: `/healthz` that it answers, `/readyz` that it can do its work.
import { Hono } from 'hono';
import type { Log } from '../finetuning/dependencies.ts';
import { DomainError } from '../finetuning/errors.ts';
import { detail, RETRY_AFTER } from './rest/errors.ts';
import { withoutSlash } from './trailing-slash.ts';

export type ProbeOptions = {
  /** Throws while the work cannot be done; in words for the asker if it is a DomainError. */
  checkReady: () => Promise<void>;
  log: Log;
};

export function mountProbes(app: Hono, { checkReady, log }: ProbeOptions): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    try {
      await checkReady();
      return c.json({ status: 'ready' });
    } catch (error) {
      log.warn({ err: error }, 'not ready');
      const status = error instanceof DomainError ? error.message : 'The database cannot be used.';
      return c.json({ status }, 503, RETRY_AFTER);
    }
  });
  for (const path of ['/healthz', '/readyz']) app.all(`${path}/`, withoutSlash);
}

/** All that a worker serves. */
export function createProbes(options: ProbeOptions): Hono {
  const app = new Hono();
  mountProbes(app, options);
  app.notFound(() => detail(404, 'This process is a worker: it answers /healthz and /readyz alone.'));
  return app;
}
