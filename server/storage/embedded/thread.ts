// The thread of the embedded database: PGlite, which answers Postgres' own protocol as it comes through a port.
// It computes while it answers, so that nobody who is served by the main thread waits for it.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { FromThread, ThreadData, ToThread } from './messages.ts';

/** The default of 128 MB is allocated at once; this database has one user and fits in much less. */
const SHARED_BUFFERS = '8MB';

async function serve(port: MessagePort, given: ThreadData): Promise<void> {
  const say = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const database = await PGlite.create({
    ...given,
    startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${SHARED_BUFFERS}`],
  });
  let session = 0;

  async function carryOut(message: ToThread): Promise<void> {
    switch (message.kind) {
      case 'begin':
        session = message.session;
        await database.exec('ROLLBACK');
        await database.exec('DISCARD ALL');
        return;
      case 'request':
        return database.execProtocolRawStream(message.bytes, {
          onRawData: (data) => {
            // What is given is a view on the whole memory of the database.
            const bytes = Uint8Array.from(data);
            say({ kind: 'data', session, bytes }, [bytes.buffer]);
          },
        });
      case 'close':
        await database.close();
        port.close();
        return;
      default:
        return message satisfies never;
    }
  }

  // One after the other, in the order in which they were sent. What fails here ends the thread.
  let last = Promise.resolve();
  port.on('message', (message: ToThread) => {
    last = last.then(async () => {
      await carryOut(message);
      say({ kind: 'done' });
    });
  });
  say({ kind: 'open' });
}

if (parentPort) await serve(parentPort, workerData);
