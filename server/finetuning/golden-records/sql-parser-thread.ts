// The thread in which SQL is parsed, with a time limit for each piece.
//
// Parsers that backtrack need exponential time for some short inputs (a dozen nested EXISTS that do not end well are
// enough), and a parser cannot be interrupted. So it runs in a thread of its own, which is ended when it stalls.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ParseRequest, Reading } from './sql-parser-worker.ts';

const START_LIMIT_MS = 20_000;
const READ_LIMIT_MS = 2_000;
const MEMORY_LIMIT_MB = 256;

let thread: Worker | undefined;
let lastTurn: Promise<unknown> = Promise.resolve();

/** One piece at a time, in the order asked. Never rejects. */
export function readInThread(request: ParseRequest): Promise<Reading | { kind: 'stalled'; problem: string }> {
  const reading = lastTurn.then(() => read(request));
  lastTurn = reading;
  return reading;
}

async function read(request: ParseRequest): Promise<Reading | { kind: 'stalled'; problem: string }> {
  try {
    const worker = await running();
    worker.ref();
    try {
      worker.postMessage(request);
      return await nextMessage(worker, READ_LIMIT_MS);
    } finally {
      // An idle thread does not keep the process from ending.
      worker.unref();
    }
  } catch (error) {
    const { name } = error instanceof Error ? error : { name: 'unknown error' };
    const problem = name === 'AbortError' ? 'took too long' : `failed (${name})`;
    await thread?.terminate();
    thread = undefined;
    return { kind: 'stalled', problem: `the ${request.dialect} parser ${problem}` };
  }
}

async function running(): Promise<Worker> {
  if (thread) return thread;
  const worker = new Worker(new URL('./sql-parser-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB },
  });
  thread = worker;
  // Without a listener the end of an idle thread would end the process.
  worker.on('error', () => {
    if (thread === worker) thread = undefined;
  });
  await nextMessage(worker, START_LIMIT_MS);
  return worker;
}

async function nextMessage(worker: Worker, limitMs: number): Promise<Reading> {
  const [message]: Reading[] = await once(worker, 'message', { signal: AbortSignal.timeout(limitMs) });
  return message ?? { kind: 'read' };
}
