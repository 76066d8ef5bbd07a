// The embedded database as a server that `pg` connects to: sessions, one at a time, on a thread that is started anew
// when it has ended.
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, type RunningThread, startThread } from './running-thread.ts';
import { SessionStream } from './session-stream.ts';

/** Who asks is not kept waiting longer for one that cannot start, or whose predecessor hangs in a call to the disk. */
const LONGEST_START_MS = 30_000;
/** What could not be started, as on a full disk, is not tried again with each request. */
const AFTER_FAILURE_MS = 2000;

export type DatabaseThread = {
  /** A session, as `pg` wants its socket. It finds nothing of what the one before left open. */
  connect(): SessionStream;
  close(): Promise<void>;
};

/** @throws whatever PGlite cannot open the directory for */
export async function openThread(directory: string): Promise<DatabaseThread> {
  let thread: Promise<RunningThread> = Promise.resolve(await startThread(directory));

  /** The one that lives, or the next. */
  const living = () => {
    const next = () => startThread(directory).catch(tellLater);
    thread = thread.then(
      (running) => (running.end === null ? running : running.exited.then(next)),
      (failure: unknown) => (performance.now() - failed < AFTER_FAILURE_MS ? Promise.reject(failure) : next()),
    );
    return thread;
  };
  let failed = Number.NEGATIVE_INFINITY;
  const tellLater = (failure: unknown): never => {
    failed = performance.now();
    const hasCode = failure instanceof Error && 'code' in failure;
    throw hasCode ? failure : ended('the embedded database could not be started anew', failure);
  };

  return {
    connect() {
      let running: RunningThread | null = null;
      const stream: SessionStream = new SessionStream({
        async begin() {
          const tooLong = sleep(LONGEST_START_MS, undefined, { ref: false }).then(() => {
            throw ended('the embedded database has not started yet');
          });
          running = await Promise.race([living(), tooLong]);
          running.begin(stream);
        },
        send: (bytes) => running?.send(bytes),
        end: () => running?.leave(stream),
      });
      return stream;
    },
    async close() {
      const running = await thread.catch(() => null);
      await running?.close();
    },
  };
}
