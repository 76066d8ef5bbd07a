// The thread of the embedded database: PGlite, which answers Postgres' own protocol as it comes through a port.
// It computes while it answers, so that nobody who is served by the main thread waits for it.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { AnswerReader } from './answer.ts';
import { initDbStartParams, segmentOf, startParamsFor } from './log-files.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import { Room } from './room.ts';
import { Upkeep } from './upkeep.ts';

/** The default of 128 MB is allocated at once; this database has one user and fits in much less. */
const SHARED_BUFFERS = '8MB';
const DISK_FULL = '53100';

async function open(given: ThreadData, room: Room, segment: number): Promise<PGlite> {
  try {
    return await PGlite.create({
      ...given,
      initDbStartParams,
      startParams: [...PGlite.defaultStartParams, ...startParamsFor(segment), '-c', `shared_buffers=${SHARED_BUFFERS}`],
    });
  } catch (cause) {
    // It does not say why it could not.
    if (room.isShort()) throw Object.assign(new Error('the disk is full', { cause }), { code: DISK_FULL });
    throw cause;
  }
}

async function serve(port: MessagePort, given: ThreadData): Promise<void> {
  const say = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const segment = segmentOf(given.dataDir);
  const room = new Room(given.dataDir, segment);
  const database = await open(given, room, segment);
  const upkeep = new Upkeep(database, room);
  const answer = new AnswerReader();
  let session = 0;

  async function carryOut(message: ToThread): Promise<void> {
    switch (message.kind) {
      case 'begin':
        session = message.session;
        await database.exec('ROLLBACK');
        await database.exec('DISCARD ALL');
        upkeep.sessionBegins();
        answer.standing = 'I';
        return;
      case 'request':
        if (answer.standing !== null) await upkeep.doWhatIsDue(answer.standing);
        await database.execProtocolRawStream(message.bytes, {
          onRawData: (data) => {
            // What is given is a view on the whole memory of the database.
            const bytes = Uint8Array.from(data);
            answer.read(bytes);
            say({ kind: 'data', session, bytes }, [bytes.buffer]);
          },
        });
        if (answer.lastWords !== null) throw new Error(`the embedded database has ended: ${answer.lastWords}`);
        return;
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
