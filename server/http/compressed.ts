// A compressed request body is read as what it was before, within the limit of size that every body has.
import { promisify } from 'node:util';
import { brotliDecompress, inflate, inflateRaw, unzip, zstdDecompress } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';
import { cut } from '../finetuning/cut.ts';

type Unpack = (packed: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

const gunzip: Unpack = promisify(unzip);
/** Meant is the format with a header; some leave the header out, and browsers read both. */
const unpackDeflate: Unpack = (packed, options) =>
  promisify(inflate)(packed, options).catch((error: unknown) => {
    if (isTooLarge(error)) throw error;
    return promisify(inflateRaw)(packed, options);
  });

const encodings = new Map<string, Unpack>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', unpackDeflate],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
]);

export type Refusals = {
  /** 415, with what would be understood. */
  unsupported: (request: Request, message: string, headers: Record<string, string>) => Response;
  tooLarge: (request: Request) => Response;
  unreadable: (request: Request, message: string) => Response;
};

/** @param mostBytes of the body as it was before. */
export function readCompressed(mostBytes: number, refuse: Refusals): MiddlewareHandler {
  return async (c, next) => {
    const encoding = (c.req.header('content-encoding') ?? '').trim().toLowerCase();
    if (encoding === '' || encoding === 'identity') return next();
    const request = c.req.raw;
    const unpack = encodings.get(encoding);
    const understood = [...encodings.keys()].join(', ');
    if (!unpack) {
      const message = `Content-Encoding "${cut(encoding)}" is not read; send the body as it is, or in one of ${understood}.`;
      return refuse.unsupported(request, message, { 'accept-encoding': understood });
    }
    const packed = new Uint8Array(await request.arrayBuffer());
    try {
      // No body at all is none, whatever it is said to be packed in.
      const body = packed.length === 0 ? packed : await unpack(packed, { maxOutputLength: mostBytes });
      const headers = new Headers(request.headers);
      headers.delete('content-encoding');
      headers.set('content-length', String(body.length));
      const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
      const { url, method, signal } = request;
      c.req.raw = new Request(url, { method, headers, signal, ...(hasBody ? { body: new Uint8Array(body) } : {}) });
    } catch (error) {
      if (isTooLarge(error)) return refuse.tooLarge(request);
      return refuse.unreadable(request, `the body is not ${encoding}, as its Content-Encoding says`);
    }
    return next();
  };
}

const isTooLarge = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
