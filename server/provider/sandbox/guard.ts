// Who may ask the sandbox: it holds what was uploaded, on a port that every user and every page of this machine reaches.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { SandboxError } from './errors.ts';

export type GuardOptions = {
  /** The only key it takes. Where left out it takes each, for a test that is alone with it. */
  apiKey?: string;
  /** Whether an address of the web lies on this machine: none other is a Host or an Origin here. Where left out, all do. */
  isLocal?: (address: string) => boolean;
};

/** As at OpenAI: of a file, and of anything else. */
const LARGEST_FILE = 512 * 1024 * 1024;
const LARGEST_REQUEST = 1024 * 1024;

/** A name that a page has bound to this machine shows as its Host, and the page as its Origin. */
export const requireLocal =
  ({ isLocal = () => true }: GuardOptions): MiddlewareHandler =>
  async (c, next) => {
    const host = c.req.header('host');
    const addresses = [host === undefined ? undefined : `http://${host}`, c.req.header('origin')];
    const foreign = addresses.find((address) => address !== undefined && !isLocal(address));
    if (foreign === undefined) return next();
    const message = `${foreign.slice(0, 200)} is not this machine, which alone the sandbox serves.`;
    return new SandboxError({ status: 403, message, code: 'forbidden' }).toResponse();
  };

export const requireKey = ({ apiKey }: GuardOptions): MiddlewareHandler => {
  const expected = apiKey === undefined ? null : digest(apiKey);
  const message =
    expected === null
      ? "You didn't provide an API key. This sandbox takes any: Authorization: Bearer sandbox."
      : 'This sandbox takes no key but the one that the goldtune it belongs to made at its start.';
  return async (c, next) => {
    const given = /^bearer\s+(\S+)\s*$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (given !== undefined && (expected === null || timingSafeEqual(digest(given), expected))) return next();
    const code = given === undefined ? 'missing_api_key' : 'invalid_api_key';
    return new SandboxError({ status: 401, message, code }).toResponse();
  };
};

export const limitBody = (): MiddlewareHandler => {
  const file = bodyLimit({ maxSize: LARGEST_FILE, onError: () => tooLarge(LARGEST_FILE) });
  const request = bodyLimit({ maxSize: LARGEST_REQUEST, onError: () => tooLarge(LARGEST_REQUEST) });
  return (c, next) => (c.req.path === '/v1/files' ? file(c, next) : request(c, next));
};

const tooLarge = (bytes: number) =>
  new SandboxError({
    status: 413,
    message: `The request has more than ${bytes} bytes.`,
    code: 'too_large',
  }).toResponse();

/** Of one length, whatever is compared. */
const digest = (text: string) => createHash('sha256').update(text).digest();
