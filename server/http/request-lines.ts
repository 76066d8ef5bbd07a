// A line of the log for each request: what was asked, how it was answered, how long that took.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../finetuning/dependencies.ts';

/** Asked every few seconds, and worth a line only when the answer is bad. */
const PROBES = ['/healthz', '/readyz'];
const LONGEST_PATH = 300;

export type OnRequest = (request: IncomingMessage, answer: ServerResponse) => void;

/** The line is written at the end of the answer, of a stream too. What the query holds may be anything, and stays out. */
export const logRequests =
  (log: Log): OnRequest =>
  (request, answer) => {
    const begun = performance.now();
    answer.once('close', () => {
      const path = pathOf(request.url ?? '').slice(0, LONGEST_PATH);
      const status = answer.headersSent ? answer.statusCode : null;
      if (PROBES.includes(path) && status === 200) return;
      const about = { method: request.method, path, status, ms: Math.round(performance.now() - begun) };
      log.info(about, answer.writableFinished ? 'answered' : 'the caller left before the end of the answer');
    });
  };

/** A target may be a whole address (`GET http://host/path`), and may hold a password. */
const pathOf = (target: string): string => target.replace(/^https?:\/\/[^/?]*/i, '').replace(/\?.*/s, '') || '/';
