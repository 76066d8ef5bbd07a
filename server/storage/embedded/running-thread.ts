// One life of the thread that the embedded database computes in. It ends when told, by a fault, or for not answering.
import { Worker } from 'node:worker_threads';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import { loadProgram } from './program.ts';
import type { SessionStream } from './session-stream.ts';

/** Longer than one message to it takes: a statement, and no statement of ours computes for a minute. */
const LONGEST_ANSWER_MS = 75_000;

/** A farewell takes a moment; after this it is left without one, as a kill would leave it. */
const LONGEST_FAREWELL_MS = 10_000;

export type RunningThread = {
  /** Null while it lives. */
  readonly end: Error | null;
  /** Nothing of it writes any more: its files may be opened by another. */
  readonly exited: Promise<void>;
  /** What the thread answers goes to this session until the next one begins. */
  begin(session: SessionStream): void;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Nobody waits for answers any more. */
  leave(session: SessionStream): void;
  close(): Promise<void>;
};

/** `crash_shutdown`, as a server says it: what was asked may be asked again. */
export const ended = (message: string, cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { code: '57P02' });

/** @throws whatever PGlite cannot open the directory for */
export async function startThread(directory: string): Promise<RunningThread> {
  const workerData: ThreadData = { ...(await loadProgram()), dataDir: directory };
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData });
  // Not `once` of node:events, which rejects where there was an error before.
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const opened = Promise.withResolvers<void>();
  let current: { number: number; session: SessionStream } | null = null;
  let newest = 0;
  let unanswered = 0;
  let end: Error | null = null;

  /** Who asked may ask again, whatever it has ended from; a start fails for the reason that it has. */
  function over(cause: Error): void {
    end ??= ended('the embedded database has ended', cause);
    opened.reject(cause);
    patience.close();
    current?.session.destroy(end);
    current = null;
    void worker.terminate();
  }
  // What computes without end, as it does on a full disk, cannot be asked to stop.
  const patience = setTimeout(() => {
    if (unanswered === 0) return;
    over(new Error('it does not answer'));
  }, LONGEST_ANSWER_MS).unref();

  const say = (message: ToThread, transfer: ArrayBuffer[] = []) => {
    if (unanswered++ === 0) patience.refresh();
    worker.postMessage(message, transfer);
  };
  worker.on('message', (message: FromThread) => {
    if (end === null) patience.refresh();
    switch (message.kind) {
      case 'open':
        return opened.resolve();
      case 'data':
        return void (message.session === current?.number && current.session.push(message.bytes));
      case 'done':
        unanswered -= 1;
        return;
      default:
        return message satisfies never;
    }
  });
  // PGlite also throws what is no Error.
  worker.on('error', (error: unknown) => over(error instanceof Error ? error : new Error(JSON.stringify(error))));
  worker.on('exit', (code) => over(new Error(`its thread has exited with ${code}`)));
  await opened.promise;

  return {
    get end() {
      return end;
    },
    exited,
    begin(session) {
      current = { number: ++newest, session };
      say({ kind: 'begin', session: newest });
    },
    send: (bytes) => say({ kind: 'request', bytes }, [bytes.buffer]),
    leave(session) {
      if (current?.session === session) current = null;
    },
    async close() {
      if (end === null) say({ kind: 'close' });
      const late = setTimeout(() => void worker.terminate(), LONGEST_FAREWELL_MS);
      await exited.finally(() => clearTimeout(late));
    },
  };
}
