// The route table on Hono: read, call, answer. Errors as FastAPI words them.
import type { Context, Hono } from 'hono';
import type { Log } from '../../finetuning/dependencies.ts';
import { withWarnings } from '../fields/warnings.ts';
import { isHungUp, nobodyListens } from '../hung-up.ts';
import { withoutSlash } from '../trailing-slash.ts';
import type { Caller } from '../trpc/router.ts';
import { detail, errorResponse } from './errors.ts';
import { streamLines } from './lines.ts';
import { readRequest } from './request.ts';
import type { Route } from './route.ts';
import { streamEvents } from './stream.ts';

const PLAIN_TEXT = { 'content-type': 'text/plain; charset=utf-8' };

/** Mounts the routes, a 405 with `Allow` for the other methods of their paths, and a 307 for a slash at the end. */
export function mountRoutes(app: Hono, routes: readonly Route[], callerFor: (c: Context) => Caller, log: Log): void {
  const methodsOf = new Map<string, string[]>();
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), route.method.toUpperCase()]);
    app.on(route.method.toUpperCase(), path, async (c) => {
      try {
        const { warnings, ...parts } = await readRequest(route, c.req.raw, c.req.param());
        const accept = c.req.header('accept') ?? '';
        // Of a HEAD nobody reads, and nobody ends, the body.
        const wantsStream = c.req.raw.method === 'GET' && accept.includes('text/event-stream');
        const wantsLines = c.req.raw.method === 'GET' && accept.includes('application/x-ndjson');
        const wantsJson = accept.includes('application/json');
        const answer = await route.run({ caller: callerFor(c), wantsStream, wantsJson, wantsLines, ...parts });
        if ('ended' in answer) return new Response(null, { status: 204 });
        if ('stream' in answer) return streamEvents(answer.stream, log);
        if ('lines' in answer) {
          const failed = (error: unknown) =>
            isHungUp(error, c.req.raw) || log.error({ err: error, route: route.path }, 'an answer broke off');
          return streamLines(answer.lines, { c, ofAnswer: answer.headers, failed });
        }
        if ('text' in answer) return new Response(answer.text, { headers: { ...answer.headers, ...PLAIN_TEXT } });
        const body = withWarnings(answer.body, warnings);
        return Response.json(body, { status: answer.status ?? 200, headers: answer.headers ?? {} });
      } catch (error) {
        if (isHungUp(error, c.req.raw)) return nobodyListens();
        const response = errorResponse(error);
        const about = { err: error, route: `${route.method} ${route.path}` };
        if (response?.status === 503) log.warn(about, 'a request could not be served');
        if (!response || response.status === 500) log.error(about, 'a request failed');
        return response ?? detail(500, 'Internal Server Error');
      }
    });
  }
  for (const [path, methods] of methodsOf) {
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ');
    app.all(`${path}/`, withoutSlash);
    app.all(path, () => detail(405, 'Method Not Allowed', { allow }));
  }
}
