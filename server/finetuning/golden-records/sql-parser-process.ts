// The process in which SQL is parsed, with a limit on the time and the memory each piece may take.
//
// Parsers that backtrack need exponential time and memory for some short inputs (five open brackets, or a dozen nested
// EXISTS, that do not end well are enough), and a parser cannot be interrupted. A thread would not do: when it runs
// out of memory it can take the server with it.
import { type ChildProcess, fork } from 'node:child_process';
import type { FromChild, ParseRequest, Reading } from './sql-parser-child.ts';
import { createTurns, type User } from './turns.ts';

export type Answer = Reading | { kind: 'stalled'; problem: string };

const START_LIMIT_MS = 20_000;
const READ_LIMIT_MS = 2_000;
const MEMORY_LIMIT_MB = 256;
const IDLE_MS = 30_000;

type Parser = { child: ChildProcess; gone: AbortSignal; loaded: Set<ParseRequest['parser']> };

let parser: Parser | undefined;
let idle: NodeJS.Timeout | undefined;
const turns = createTurns();

/**
 * Reads as many of them as fit into a turn, at least one, in their order. The process starts when needed and ends when
 * idle. Never rejects.
 * @param user what it takes is added to what this one has used; whoever has used least is next.
 */
export const readInProcess = (request: ParseRequest, user: User): Promise<Answer[]> =>
  turns.take(user, () => read(request, user));

async function read(request: ParseRequest, user: User): Promise<Answer[]> {
  clearTimeout(idle);
  const readings: Reading[] = [];
  let began = performance.now();
  try {
    const running = await (parser ?? start());
    hold(running.child);
    await load(running, request.parser);
    began = performance.now();
    running.child.send(request);
    user.used_ms += await collect(running, readings, READ_LIMIT_MS);
    release(running.child);
    idle = setTimeout(end, IDLE_MS).unref();
    return readings;
  } catch {
    const problem = parser?.gone.aborted === false ? 'took too long' : 'failed';
    end();
    user.used_ms += performance.now() - began;
    return [...readings, { kind: 'stalled', problem: `the ${request.parser} parser ${problem}` }];
  }
}

/** Loading a grammar takes longer than reading with it, and is not what the limit for reading is about. */
async function load(running: Parser, grammar: ParseRequest['parser']): Promise<void> {
  if (running.loaded.has(grammar)) return;
  running.child.send({ sqls: ['SELECT 1'], parser: grammar });
  await collect(running, [], START_LIMIT_MS);
  running.loaded.add(grammar);
}

async function start(): Promise<Parser> {
  const child = fork(new URL('./sql-parser-child.ts', import.meta.url), {
    execArgv: [`--max-old-space-size=${MEMORY_LIMIT_MB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const controller = new AbortController();
  const started: Parser = { child, gone: controller.signal, loaded: new Set() };
  const forget = () => {
    controller.abort();
    if (parser === started) parser = undefined;
  };
  child.on('exit', forget);
  child.on('error', forget);
  parser = started;
  await collect(started, [], START_LIMIT_MS);
  return started;
}

function end(): void {
  parser?.child.kill('SIGKILL');
  parser = undefined;
}

/**
 * Takes what it answers until it is over.
 * @returns the time of the processor that it took, in milliseconds
 * @throws where one of the answers takes longer than the limit, or it has gone
 */
async function collect({ child, gone }: Parser, readings: Reading[], limitMs: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const giveUp = () => reject(new Error('there is no answer'));
  const tooLong = setTimeout(giveUp, limitMs);
  const hear = (message: FromChild) => {
    tooLong.refresh();
    if (message.kind === 'over') resolve(message.cpu_ms);
    else readings.push(message);
  };
  child.on('message', hear);
  gone.addEventListener('abort', giveUp);
  if (gone.aborted) giveUp();
  try {
    return await promise;
  } finally {
    clearTimeout(tooLong);
    child.off('message', hear);
    gone.removeEventListener('abort', giveUp);
  }
}

function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

/** An idle parser does not keep the server from ending; and when the server ends, so does the parser. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}
