// Makes the sandbox fail the way networks and providers do: real resets on real sockets, lost answers, late executions.
import type { Intercept, Operation } from '../../server/provider/sandbox/server.ts';
import { within } from '../deadline.ts';

export type Fault =
  /** The connection breaks before anything is done. */
  | { kind: 'reset_before' }
  /** It is done, and the connection breaks before the answer. */
  | { kind: 'reset_after' }
  /** It is not done; this is answered. */
  | { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
  /** It is done, and this is answered instead. */
  | { kind: 'status_after'; status: number; body?: unknown }
  /** It is done, and these bytes are answered with 200. */
  | { kind: 'body_after'; body: string; type?: string }
  /** It is done, and the JSON of its answer is changed. */
  | { kind: 'changed_after'; change: (body: Record<string, unknown>) => unknown }
  /** It is done, and only half of the answer arrives. */
  | { kind: 'truncated' }
  /** It is done, and the answer begins like this and never ends. */
  | { kind: 'endless_after'; status: number; begins: string }
  /** It is done, and the answer says no more than that. */
  | { kind: 'empty_after' }
  /** It is not done, and nothing is ever answered. */
  | { kind: 'hang' };

/** A place where requests wait until the test lets them go on. */
export type Gate = {
  /** A request has arrived there. */
  reached: Promise<void>;
  /** Lets this one and all later ones pass. */
  release(): void;
};

type Target = Operation | 'jobs.*' | 'files.*' | '*';
type Pause = { target: Target; moment: 'before' | 'after'; arrive: () => void; open: Promise<void> };
type Late = {
  target: Target;
  arrive: () => void;
  /** Its connection is to be cut. */
  gone: Promise<void>;
  open: Promise<void>;
  release: () => void;
  executed: Promise<void>;
  done: () => void;
};
export type Arrived = {
  operation: Operation /** Of a mutation: the file's name or id, or the job's id. */;
  about?: string;
};

export class Faults implements AsyncDisposable {
  /** Every request that arrived, in order. */
  readonly requests: Arrived[] = [];
  /** Creates that the provider itself refused: those that found their file gone. */
  createsRefused = 0;
  #once: { target: Target; fault: Fault }[] = [];
  #always: { target: Target; fault: Fault }[] = [];
  #pauses: Pause[] = [];
  #late: Late[] = [];
  /** Those that have arrived, and still wait to be executed. */
  #held: Late[] = [];
  #releases: (() => void)[] = [];
  #closing = Promise.withResolvers<void>();

  /** The next request to the operation fails this way; called again, the one after it. */
  next(target: Target, fault: Fault): void {
    this.#once.push({ target, fault });
  }

  /** Every request fails this way until `clear`. */
  always(target: Target, fault: Fault): void {
    this.#always.unshift({ target, fault });
  }

  /** Requests to the operation wait before or after they are done. */
  hold(target: Target, moment: 'before' | 'after'): Gate {
    const { reached, arrive, open, release } = gate();
    this.#releases.push(release);
    this.#pauses.push({ target, moment, arrive, open });
    return Object.assign(arrival(reached, target), { release });
  }

  /**
   * The next request is never answered: its connection is held until it is cut. It is done only when released, however
   * long its sender has been gone.
   */
  holdExecution(target: Target): Gate & { cut(): void; executed: Promise<void> } {
    const { reached, arrive, open, release } = gate();
    const { promise: gone, resolve: cut } = Promise.withResolvers<void>();
    const { promise: executed, resolve: done } = Promise.withResolvers<void>();
    this.#late.push({ target, arrive, gone, open, release, executed, done });
    return Object.assign(arrival(reached, target), { cut, release, executed });
  }

  /** Nothing goes wrong any more. What is held for late execution stays held. */
  heal(): void {
    this.#once = [];
    this.#always = [];
    this.#pauses = [];
    this.#late = [];
    for (const release of this.#releases.splice(0)) release();
  }

  /** Executes what is held, however long its senders have been gone. @returns how many requests */
  async executeLate(): Promise<number> {
    const held = this.#held.splice(0);
    for (const { release } of held) release();
    await Promise.all(held.map(({ executed }) => executed));
    return held.length;
  }

  /** Heals everything, and lets go what is held. */
  clear(): void {
    this.heal();
    void this.executeLate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.clear();
    this.#closing.resolve();
  }

  readonly intercept: Intercept = async ({ operation, request, execute: run, abort }) => {
    const execute = async () => {
      const answer = await run();
      if (operation === 'jobs.create' && answer.status === 400) this.createsRefused += 1;
      return answer;
    };
    const arrived: Arrived = { operation };
    this.requests.push(arrived);
    // Read at once, while its sender is still there.
    const about = subjectOf(operation, request);
    const hits = ({ target }: { target: Target }) =>
      target === '*' || target === operation || target === `${operation.split('.')[0]}.*`;

    const late = this.#late.find(hits);
    if (late) {
      this.#late.splice(this.#late.indexOf(late), 1);
      this.#held.push(late);
      Object.assign(arrived, await about);
      // All of the body, too.
      await request.clone().text();
      late.arrive();
      await Promise.race([late.gone.then(abort), late.open]);
      await late.open;
      await execute().finally(late.done);
      abort();
      return new Response(null);
    }
    Object.assign(arrived, await about);
    const pause = async (moment: 'before' | 'after') => {
      for (const held of this.#pauses.filter((one) => one.moment === moment).filter(hits)) {
        held.arrive();
        await held.open;
      }
    };
    await pause('before');
    const once = this.#once.find(hits);
    if (once) this.#once.splice(this.#once.indexOf(once), 1);
    const fault = once?.fault ?? this.#always.find(hits)?.fault;
    const answer = fault ? await this.#fail(fault, execute, abort) : await execute();
    await pause('after');
    return answer;
  };

  async #fail(fault: Fault, execute: () => Promise<Response>, abort: () => void): Promise<Response> {
    switch (fault.kind) {
      case 'reset_before':
        abort();
        return new Response(null);
      case 'reset_after':
        await execute();
        abort();
        return new Response(null);
      case 'status':
        return Response.json(fault.body ?? openAiError(fault.status), {
          status: fault.status,
          headers: fault.headers ?? {},
        });
      case 'status_after':
        await execute();
        return Response.json(fault.body ?? openAiError(fault.status), { status: fault.status });
      case 'body_after':
        await execute();
        return new Response(fault.body, { headers: { 'content-type': fault.type ?? 'application/json' } });
      case 'changed_after':
        return Response.json(fault.change(Object(await (await execute()).json())));
      case 'truncated': {
        const whole = await (await execute()).text();
        return new Response(whole.slice(0, whole.length / 2), { headers: { 'content-type': 'application/json' } });
      }
      case 'endless_after': {
        await execute();
        const body = endless(fault.begins);
        return new Response(body, { status: fault.status, headers: { 'content-type': 'application/json' } });
      }
      case 'empty_after':
        await execute();
        return new Response(null, { status: 204 });
      case 'hang':
        await this.#closing.promise;
        return new Response(null);
      default:
        return fault satisfies never;
    }
  }
}

/** White space, which changes nothing of the JSON before it, for as long as somebody reads. */
function endless(begins: string): ReadableStream<Uint8Array> {
  const more = new Uint8Array(65_536).fill(' '.charCodeAt(0));
  return new ReadableStream({
    start: (reading) => reading.enqueue(new TextEncoder().encode(begins)),
    pull: (reading) => reading.enqueue(more),
  });
}

/** The deadline counts from where somebody waits for it. */
const arrival = (reached: Promise<void>, target: Target) => ({
  get reached() {
    return within(reached, `a request to ${target} is there`);
  },
});

function gate() {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return { reached: arrived.promise, arrive: arrived.resolve, open: opened.promise, release: opened.resolve };
}

/** What a mutation is about. Nothing for what only looks. */
export async function subjectOf(operation: Operation, request: Request): Promise<Pick<Arrived, 'about'>> {
  const named = (about: string | undefined) => (about === undefined ? {} : { about });
  const path = new URL(request.url).pathname.split('/');
  // A sender that breaks off while it is being read leaves no name; such a request is not executed either.
  const body = () =>
    request
      .clone()
      .text()
      .catch(() => '');
  switch (operation) {
    case 'files.create':
      return named(/ filename="([^"]+)"/.exec(await body())?.[1]);
    case 'jobs.create':
      return named(/"training_file":\s*"([^"]+)"/.exec(await body())?.[1]);
    case 'jobs.cancel':
    case 'jobs.resume':
      return named(path.at(-2));
    case 'files.delete':
      return named(path.at(-1));
    default:
      return {};
  }
}

const openAiError = (status: number) => ({
  error: { message: `rehearsed fault ${status}`, type: 'server_error', param: null, code: null },
});
