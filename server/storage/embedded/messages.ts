// What the main thread and the thread of the embedded database say to each other. Both are this program: nothing is parsed.
import type { PGliteOptions } from '@electric-sql/pglite';

export type ThreadData = Required<Pick<PGliteOptions, 'dataDir' | 'pgliteWasmModule' | 'fsBundle'>>;

export type ToThread =
  /** A session begins, with a number of its own; what the one before left is undone. */
  { kind: 'begin'; session: number } | { kind: 'request'; bytes: Uint8Array<ArrayBuffer> } | { kind: 'close' };

export type FromThread =
  | { kind: 'open' }
  /** A part of an answer, or something that the session listens to. */
  | { kind: 'data'; session: number; bytes: Uint8Array<ArrayBuffer> }
  /** One message to the thread has been dealt with. */
  | { kind: 'done' };
