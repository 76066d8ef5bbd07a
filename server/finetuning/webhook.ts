// What a provider sends by itself, by webhook: a hint, once its signature fits, that the run of a job is looked at sooner.
// Nothing that it says is believed, what became of the job least of all: that is what the look is for.
import type { Dependencies } from './dependencies.ts';
import type { Event } from './lifecycle/event.ts';
import { move } from './lifecycle/transition.ts';
import type { Provider, ReadWebhook } from './provider.ts';
import { Unavailable } from './unavailable.ts';

/** A provider that webhooks are taken from. */
export type WebhookSource = { provider: Pick<Provider, 'owns'>; read: ReadWebhook };

export type Received =
  /** No provider has a secret to prove one by. */
  | { kind: 'not_set_up' }
  | { kind: 'unproven'; reason: string }
  /** Whether a run is looked at for it: not for a second time by the same one, nor for what is no run of ours or is over. */
  | { kind: 'taken'; runs: readonly string[] };

/** @throws DomainError `unavailable` where the hint could not be stored: it is to be sent again */
export type Receive = (body: Uint8Array, headers: Headers) => Promise<Received>;

/** How often the row may move on between being read and being written. */
const TRIES = 5;

/** @param wake told of each run once it is due; that may be lost */
export function createWebhook(
  { store: { finetunings }, clock }: Pick<Dependencies, 'store' | 'clock'>,
  sources: readonly WebhookSource[],
  wake: (id: string) => void,
): Receive {
  /** @returns the ids of the runs that are due by it */
  async function take(job_id: string, event: Event, isOwn: (ledger: string) => boolean): Promise<string[]> {
    const due: string[] = [];
    for (let tries = 0; tries < TRIES; tries++) {
      const untold = (await finetunings.untold(job_id, event)).filter((run) => isOwn(run.provider_ledger));
      if (untold.length === 0) return due;
      for (const { id, version } of untold) {
        const row = await finetunings.findAny(id);
        // As it was when nobody had told it: else another process may have, just now.
        if (row?.version !== version) continue;
        const now = clock();
        // With an event, so that a look that began before the hint came does not put the next one off: its write loses.
        const hinted = move(row, event, { due_at: now, failures: row.failures });
        if (!(await finetunings.save(row, hinted, now))) continue;
        due.push(id);
        wake(id);
      }
    }
    throw new Unavailable('The run moves on faster than the hint can be noted');
  }

  return async (body, headers) => {
    const heard = await Promise.all(
      sources.map(async ({ provider, read }) => ({ provider, said: await read(body, headers) })),
    );
    const hinting = heard.flatMap(({ provider, said }) => (said.kind === 'hint' ? { provider, ...said } : []));
    const [first] = hinting;
    if (first) {
      const message = `The provider says that there is news of the job (webhook ${first.id}); it is looked at.`;
      const isOwn = (ledger: string) => hinting.some(({ provider }) => provider.owns(ledger));
      return { kind: 'taken', runs: await take(first.job_id, { type: 'provider_hint', message }, isOwn) };
    }
    const others = heard.map(({ said }) => said);
    if (others.some((said) => said.kind === 'nothing')) return { kind: 'taken', runs: [] };
    return others.find((said) => said.kind === 'unproven') ?? { kind: 'not_set_up' };
  };
}
