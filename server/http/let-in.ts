// Each request of the API is somebody's: who that is, is found out before anything else of it is read.
import type { BlockList } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import type { Admission } from '../finetuning/admission.ts';
import type { Log } from '../finetuning/dependencies.ts';
import { DomainError } from '../finetuning/errors.ts';
import { RateLimited } from '../finetuning/limits.ts';
import type { Principal } from '../finetuning/principal.ts';
import { callerAddress, clientAddress } from './client-address.ts';
import { credentialOf } from './credential.ts';
import { refusedHeaders } from './limit-headers.ts';
import { refuse } from './refuse.ts';
import { RETRY_AFTER } from './rest/errors.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** Of each request that was let in. */
    principal: Principal;
    /** Who it is now, by what the request has brought. */
    askAgain: () => Promise<Principal>;
  }
}

/** @param proxies that are trusted to say whom they serve */
export const letIn =
  (admission: Admission, proxies: BlockList, log: Log): MiddlewareHandler =>
  async (c, next) => {
    const from = clientAddress(c, proxies);
    const { headers } = c.req.raw;
    const ask = () => admission.principalOf(credentialOf(headers), from, headers.get('cookie'));
    try {
      const principal = await ask();
      c.set('principal', { ...principal, from: callerAddress(c, proxies) });
      c.set('askAgain', ask);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error instanceof RateLimited) {
        return refuse(c.req.raw, error.code, error.message, refusedHeaders(error.standing));
      }
      if (error.code !== 'unavailable') {
        return refuse(c.req.raw, error.code, error.message, { 'www-authenticate': 'Bearer' });
      }
      log.warn({ err: error }, 'whose key a request brings could not be looked up');
      return refuse(c.req.raw, error.code, error.message, RETRY_AFTER);
    }
    return next();
  };
