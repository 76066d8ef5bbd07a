// The jobs of the provider that is measured against: each runs until it is cancelled, and carries our mark.
import { idOf } from '../rows.ts';

const PREFIX = 'ftjob-';

/** Of the run that it belongs to. */
export const jobOfRun = (run: string) => `${PREFIX}${run}`;
export const jobOf = (number: number) => jobOfRun(idOf(number));

type Job = { id: string; status: 'running' | 'cancelled' };

export class Jobs {
  /** From 0; others are made by a create. */
  count = 0;
  readonly #cancelled = new Set<string>();
  readonly #seen = new Map<string, number>();
  #longest_gap_ms = 0;

  /** From here on its sights are told. */
  watch(count: number): void {
    this.count = count;
    this.#longest_gap_ms = 0;
    const now = performance.now();
    this.#seen.clear();
    for (let number = 0; number < count; number++) this.#seen.set(jobOf(number), now);
  }

  /** Null where an id is of no job. */
  see(id: string): Job | null {
    if (!id.startsWith(PREFIX)) return null;
    const now = performance.now();
    const before = this.#seen.get(id);
    if (before !== undefined) {
      this.#longest_gap_ms = Math.max(this.#longest_gap_ms, now - before);
      this.#seen.set(id, now);
    }
    return { id, status: this.#cancelled.has(id) ? 'cancelled' : 'running' };
  }

  cancel(id: string): Job | null {
    if (id.startsWith(PREFIX)) this.#cancelled.add(id);
    return this.see(id);
  }

  /** Newest first. */
  page(after: string | null, limit: number): { jobs: Job[]; has_more: boolean } {
    const first = after === null ? this.count - 1 : Number.parseInt(after.slice(PREFIX.length + 2), 16) - 1;
    const jobs: Job[] = [];
    for (let number = first; number >= 0 && jobs.length < limit; number--) {
      const job = this.see(jobOf(number));
      if (job) jobs.push(job);
    }
    return { jobs, has_more: first - jobs.length >= 0 };
  }

  /** With those that are not seen again yet. */
  figures() {
    const now = performance.now();
    const unseen_ms = Math.max(0, ...[...new Set(this.#seen.values())].map((at) => now - at));
    return { cancelled: this.#cancelled.size, longest_gap_ms: Math.max(this.#longest_gap_ms, unseen_ms) };
  }
}

/** In OpenAI's form, with the mark that goldtune gives to its own. */
export const shown = ({ id, status }: Job) => ({
  id,
  object: 'fine_tuning.job',
  model: 'gpt-4.1-mini',
  created_at: 1_790_000_000,
  finished_at: null,
  fine_tuned_model: null,
  organization_id: 'org-bench',
  result_files: [],
  status,
  validation_file: null,
  training_file: `file-${id.slice(PREFIX.length)}`,
  hyperparameters: { n_epochs: 'auto', batch_size: 'auto', learning_rate_multiplier: 'auto' },
  trained_tokens: null,
  error: null,
  estimated_finish: null,
  integrations: [],
  seed: 1,
  metadata: {
    goldtune_finetuning: id.slice(PREFIX.length),
    goldtune_attempt: '1',
    goldtune_deployment: 'default',
  },
});
