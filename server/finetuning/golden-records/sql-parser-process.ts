// The process in which SQL is parsed, with a limit on the time and the memory each piece may take.
//
// Parsers that backtrack need exponential time and memory for some short inputs (five open brackets, or a dozen nested
// EXISTS, that do not end well are enough), and a parser cannot be interrupted. A thread would not do: when it runs
// out of memory it can take the server with it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ParseRequest, Reading } from './sql-parser-child.ts';

export type Answer = Reading | { kind: 'stalled'; problem: string };

const START_LIMIT_MS = 20_000;
const READ_LIMIT_MS = 2_000;
const MEMORY_LIMIT_MB = 256;
const IDLE_MS = 30_000;

type Parser = { child: ChildProcess; gone: AbortSignal; loaded: Set<ParseRequest['parser']> };

let parser: Parser | undefined;
let idle: NodeJS.Timeout | undefined;
let lastTurn: Promise<unknown> = Promise.resolve();

/** One piece at a time, in the order asked. The process starts when needed and ends when idle. Never rejects. */
export function readInProcess(request: ParseRequest): Promise<Answer> {
  const answer = lastTurn.then(() => read(request));
  lastTurn = answer;
  return answer;
}

async function read(request: ParseRequest): Promise<Answer> {
  clearTimeout(idle);
  try {
    const running = await (parser ?? start());
    hold(running.child);
    await load(running, request.parser);
    running.child.send(request);
    const reading = await nextMessage(running, READ_LIMIT_MS);
    release(running.child);
    idle = setTimeout(end, IDLE_MS).unref();
    return reading;
  } catch {
    const problem = parser?.gone.aborted === false ? 'took too long' : 'failed';
    end();
    return { kind: 'stalled', problem: `the ${request.parser} parser ${problem}` };
  }
}

/** Loading a grammar takes longer than reading with it, and is not what the limit for reading is about. */
async function load(running: Parser, grammar: ParseRequest['parser']): Promise<void> {
  if (running.loaded.has(grammar)) return;
  running.child.send({ sql: 'SELECT 1', parser: grammar });
  await nextMessage(running, START_LIMIT_MS);
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
  await nextMessage(started, START_LIMIT_MS);
  return started;
}

function end(): void {
  parser?.child.kill('SIGKILL');
  parser = undefined;
}

async function nextMessage({ child, gone }: Parser, limitMs: number): Promise<Reading> {
  const [message] = await once(child, 'message', { signal: AbortSignal.any([gone, AbortSignal.timeout(limitMs)]) });
  return message;
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
