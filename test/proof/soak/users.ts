// The users of the soak: they create runs and stop some of them, at whatever server answers, and remember what they
// were told.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Intent, raise } from '../../../server/finetuning/lifecycle/state.ts';
import type { chance } from '../seed.ts';
import type { Servers } from './servers.ts';

/** A caller that got no answer in this time asks somebody else. */
const PATIENCE_MS = 8000;
const PAUSE_MS = 50;

export class Users {
  /** The highest intent that each run's users were told is stored. */
  readonly acknowledged = new Map<string, Intent>();
  /** Answers that no user should ever get. */
  readonly wrong: string[] = [];
  readonly #servers: Servers;
  readonly #chance: ReturnType<typeof chance>;

  constructor(servers: Servers, given: ReturnType<typeof chance>) {
    this.#servers = servers;
    this.#chance = given;
  }

  /** Asks until somebody answers. A 5xx is no answer: it says that nothing is known. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    for (;;) {
      const { urls } = this.#servers;
      if (urls.length > 0) {
        const response = await fetch(`${this.#chance.pick(urls)}/api/v1${path}`, {
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
  async live(key: string, db_connection_id: string): Promise<void> {
    const { below } = this.#chance;
    const created = await this.ask('POST', '/finetunings', { db_connection_id }, { 'idempotency-key': key });
    if (created.status !== 201) this.wrong.push(`create: ${created.status} ${JSON.stringify(created.body)}`);
    const id = String(created.body.id);
    this.acknowledged.set(id, 'run');

    const luck = below(10);
    if (luck < 2) return;
    await sleep(below(4000));
    if (luck < 8) await this.#stop(id, 'cancel');
    if (luck >= 7) await this.#stop(id, 'delete');
  }

  async #stop(id: string, intent: 'cancel' | 'delete'): Promise<void> {
    const path = `/finetunings/${id}`;
    const { status, body } =
      intent === 'cancel' ? await this.ask('POST', `${path}/cancel`, {}) : await this.ask('DELETE', path);
    const tooLate = intent === 'cancel' && status === 400;
    // Deleted by a request of ours whose answer was lost.
    const gone = intent === 'delete' && status === 404;
    if (status === 200 || status === 202 || gone) {
      this.acknowledged.set(id, raise(this.acknowledged.get(id) ?? 'run', intent));
    } else if (!tooLate) this.wrong.push(`${intent}: ${status} ${JSON.stringify(body)}`);
    if (intent === 'cancel' && status === 200 && body.status !== 'cancelled') {
      this.wrong.push(`200 for a cancel that is not proven: ${JSON.stringify(body)}`);
    }
  }
}
