// Delivers what is told of runs: those of one run one after the other, as many runs at a time as there are places.
import type { Clock, Log } from '../finetuning/dependencies.ts';
import { later } from '../finetuning/lifecycle/state.ts';
import { type Attempt, PAUSES_MS, troubleOf, verdictOn } from '../finetuning/webhooks/attempt.ts';
import { messageOf } from '../finetuning/webhooks/message.ts';
import type { Claimed, Head, OutboxStore, Settled } from '../finetuning/webhooks/store.ts';
import type { Send } from './send.ts';
import { signatures } from './signatures.ts';

/** At once to one endpoint, which may be one that does not answer; and to all. Of these a half is for the first of each. */
const PLACES = { endpoint: 4, all: 512 };
/** Far longer than a request may take: a process that is gone has lost what it had taken. */
const LEASE_MS = 60_000;

const GONE = 'The receiver answered 410: there is nobody any more. Enable it again once there is.';

export type Delivery = AsyncDisposable & {
  /** Begins whatever is due; its end is not waited for. */
  round(): Promise<void>;
};

type Parts = {
  outbox: OutboxStore;
  send: Send;
  clock: Clock;
  log: Log;
  userAgent: string;
  pauses_ms?: readonly number[];
};

/** Disposing of it cuts off what is being sent, which is due again at once. */
export function createDelivery({ outbox, send, clock, log, userAgent, pauses_ms = PAUSES_MS }: Parts): Delivery {
  const stopping = new AbortController();
  const lanes = new Map<string, { endpoint_id: string; end: Promise<void> }>();

  async function goThrough(first: Head): Promise<void> {
    for (let head: Head | null = first; head !== null && !stopping.signal.aborted; ) {
      const claimed: Claimed | null = await outbox.claim(head, later(clock(), LEASE_MS));
      if (claimed === null) return;
      head = await attempt(claimed);
    }
  }

  /** @returns what comes next in its lane */
  async function attempt(claimed: Claimed): Promise<Head | null> {
    const began = performance.now();
    const now = clock();
    let came: Attempt;
    try {
      came = await sent(claimed, now);
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
      await outbox.release(claimed, clock());
      return null;
    }
    const verdict = verdictOn(came, claimed.attempts, pauses_ms);
    if (verdict.kind === 'gone') {
      await outbox.disable(claimed, GONE, clock());
      log.warn({ endpoint: claimed.endpoint_id }, 'a webhook endpoint answered 410 and was disabled');
    }
    const settled: Settled = {
      state: verdict.kind === 'again' ? 'pending' : verdict.kind === 'delivered' ? 'delivered' : 'given_up',
      due_at: later(clock(), verdict.kind === 'again' ? verdict.in_ms : 0),
      last_attempt_at: now,
      last_duration_ms: Math.round(performance.now() - began),
      last_status: came.kind === 'answered' ? came.status : null,
      last_answer: came.kind === 'answered' ? came.answer : null,
      last_error: troubleOf(came),
    };
    return outbox.settle(claimed, settled);
  }

  async function sent(claimed: Claimed, now: string): Promise<Attempt> {
    let body: string;
    try {
      body = messageOf(claimed);
    } catch (error) {
      log.error({ delivery: claimed.id, err: error }, 'a webhook cannot be made: what is stored of its run is odd');
      return { kind: 'failed', error: 'What is stored of the run cannot be read' };
    }
    const headers = {
      'content-type': 'application/json',
      'user-agent': userAgent,
      ...signatures(claimed, body, now),
    };
    return send({ url: claimed.url, headers, body }, stopping.signal);
  }

  function begin(head: Head): void {
    const key = `${head.endpoint_id} ${head.lane}`;
    const { endpoint_id } = head;
    if (stopping.signal.aborted || lanes.has(key) || lanes.size >= PLACES.all) return;
    const own = [...lanes.values()].filter((lane) => lane.endpoint_id === endpoint_id).length;
    if (own >= (lanes.size < PLACES.all / 2 ? PLACES.endpoint : 1)) return;
    const end = goThrough(head)
      // It is due again when the lease is over.
      .catch((error: unknown) => log.error({ delivery: head.id, err: error }, 'could not deliver this webhook'))
      .finally(() => lanes.delete(key));
    lanes.set(key, { endpoint_id, end });
  }

  return {
    async round() {
      const now = clock();
      await outbox.promote(now);
      for (const head of await outbox.due(now, 2 * PLACES.endpoint)) {
        if (head.due_at > now) await outbox.putOff(head);
        else begin(head);
      }
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all([...lanes.values()].map(({ end }) => end));
    },
  };
}
