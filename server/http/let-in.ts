// Each request of the API is somebody's: who that is, is found out before anything else of it is read.
import type { MiddlewareHandler } from 'hono';
import type { Admission } from '../finetuning/admission.ts';
import type { Log } from '../finetuning/dependencies.ts';
import { DomainError } from '../finetuning/errors.ts';
import { RateLimited } from '../finetuning/limits.ts';
import type { Principal } from '../finetuning/principal.ts';
import { clientAddress } from './client-address.ts';
import { credentialOf } from './credential.ts';
import { refusedHeaders } from './limit-headers.ts';
import { refuse } from './refuse.ts';
import { RETRY_AFTER } from './rest/errors.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** Of each request that was let in. */
    principal: Principal;
  }
}

export const letIn =
  (admission: Admission, log: Log): MiddlewareHandler =>
  async (c, next) => {
    try {
      const { headers } = c.req.raw;
      const principal = await admission.principalOf(credentialOf(headers), clientAddress(c), headers.get('cookie'));
      c.set('principal', principal);
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
