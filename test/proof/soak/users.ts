// The users of the soak: they create runs and stop some of them, at whatever server answers, and remember what they
// were told.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Intent, isTerminal, raise, type Status } from '../../../server/finetuning/lifecycle/state.ts';
import { type Chance, chance } from '../seed.ts';
import type { Servers } from './servers.ts';

/** A caller that got no answer in this time asks somebody else. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 50;
const SHORT_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3000;

type Stop = 'cancel' | 'delete';
/** What the user of one run will do. */
export type User = { key: string; pause_ms: number; stops: readonly Stop[]; luck: Chance };

/** What they want is dealt out in turn, so that few of them want all there is; the rest is drawn. */
export function drawUser(seed: number, index: number): User {
  const luck = chance(seed + index);
  const fate = index % 10;
  const stops: Stop[] =
    fate < 2 ? [] : [...(fate < 8 ? ['cancel' as const] : []), ...(fate >= 7 ? ['delete' as const] : [])];
  // Half of them stop it while it is being submitted.
  const pause_ms = luck.below(luck.pick([SHORT_PAUSE_MS, LONGEST_PAUSE_MS]));
  return { key: `soak-${seed + index}`, pause_ms, stops, luck };
}

/** Of a user: the creation, and each stop. */
export const actsOf = ({ stops }: User) => 1 + stops.length;

export class Users {
  /** The highest intent that each run's users were told is stored. */
  readonly acknowledged = new Map<string, Intent>();
  /** The end that they were told of. */
  readonly told = new Map<string, Status>();
  /** How often anything has been acknowledged. */
  acts = 0;
  /** Answers that no user should ever get. */
  readonly wrong: string[] = [];
  readonly #servers: Servers;

  constructor(servers: Servers) {
    this.#servers = servers;
  }

  /** Asks until somebody answers. A 5xx is no answer: it says that nothing is known. */
  async ask(luck: Chance, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    for (;;) {
      const { urls } = this.#servers;
      if (urls.length > 0) {
        const response = await fetch(`${luck.pick(urls)}/api/v1${path}`, {
          method,
          headers: { 'content-type': 'application/json', ...headers },
          signal: AbortSignal.timeout(PATIENCE_MS),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }).catch(() => null);
        const answer: unknown = await response?.json().catch(() => null);
        if (response && answer !== null && response.status < 500)
          return { status: response.status, body: Object(answer) };
      }
      await sleep(PAUSE_MS);
    }
  }

  /** One run, from its creation to what its user wants of it. */
  async live({ key, pause_ms, stops, luck }: User, db_connection_id: string): Promise<void> {
    const created = await this.ask(luck, 'POST', '/finetunings', { db_connection_id }, { 'idempotency-key': key });
    if (created.status !== 201) this.wrong.push(`create: ${created.status} ${JSON.stringify(created.body)}`);
    const id = String(created.body.id);
    this.acknowledged.set(id, 'run');
    this.acts += 1;
    if (stops.length > 0) await sleep(pause_ms);
    for (const stop of stops) await this.#stop(luck, id, stop);
  }

  async #stop(luck: Chance, id: string, intent: Stop): Promise<void> {
    const path = `/finetunings/${id}`;
    const { status, body } =
      intent === 'cancel' ? await this.ask(luck, 'POST', `${path}/cancel`, {}) : await this.ask(luck, 'DELETE', path);
    this.acts += 1;
    const tooLate = intent === 'cancel' && status === 400;
    // Deleted by a request of ours whose answer was lost.
    const gone = intent === 'delete' && status === 404;
    if (status === 200 || status === 202 || gone) {
      this.acknowledged.set(id, raise(this.acknowledged.get(id) ?? 'run', intent));
    } else if (!tooLate) this.wrong.push(`${intent}: ${status} ${JSON.stringify(body)}`);
    if (intent === 'delete') return;
    if (isTerminal(body.status)) this.told.set(id, body.status);
    if (status === 200 && body.status !== 'cancelled') {
      this.wrong.push(`200 for a cancel that is not proven: ${JSON.stringify(body)}`);
    }
    if (body.cancellation && (body.cancellation.state === 'confirmed') !== (body.status === 'cancelled')) {
      this.wrong.push(`a receipt that claims another end: ${JSON.stringify(body)}`);
    }
  }
}
