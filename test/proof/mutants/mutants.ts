// One-line weakenings of the product, each with the test that must notice it.

export type Mutant = {
  named: string;
  file: string;
  /** Occurs exactly once in the file. */
  from: string;
  to: string;
  /** `test` is in the title of the test, its groups left out. */
  caughtBy: { file: string; test: string; project: 'pure' | 'postgres' | 'unnotified' };
};

const apply = { file: 'test/lifecycle/apply.test.ts', project: 'pure' } as const;
const decide = { file: 'test/lifecycle/decide.test.ts', project: 'pure' } as const;
const reconcile = { file: 'test/lifecycle/reconcile.test.ts', project: 'pure' } as const;
const client = { file: 'test/provider/openai.test.ts', project: 'pure' } as const;
const search = {
  file: 'test/proof/search/exhaustive.test.ts',
  test: 'a request without an answer and a crash: every invariant holds, and an end can be reached from everywhere',
  project: 'pure',
} as const;
const races = { file: 'test/api/cancel-races.test.ts', project: 'postgres' } as const;

export const mutants: Mutant[] = [
  {
    named: 'compare-and-set is dropped',
    file: 'server/storage/finetunings.ts',
    from: '.where(and(eq(finetunings.id, before.id), eq(finetunings.version, before.version)))',
    to: '.where(eq(finetunings.id, before.id))',
    caughtBy: { ...races, test: 'twenty cancels at once have one effect and one receipt' },
  },
  {
    named: 'a request leaves though its call could not be written',
    file: 'server/finetuning/reconcile.ts',
    from: 'if (!opened) return row;',
    to: 'if (!opened) return await send().then(() => row);',
    caughtBy: {
      ...reconcile,
      test: 'of two workers that decide to submit at the same time, one does: who could not write does not send',
    },
  },
  {
    named: 'an answer is dropped where the row has moved on',
    file: 'server/finetuning/reconcile.ts',
    from: 'if (written) return written;',
    to: 'return written ?? row;',
    caughtBy: { ...reconcile, test: 'an answer is written whatever the row has become meanwhile' },
  },
  {
    named: 'the reply to a cancel is trusted',
    file: 'server/finetuning/lifecycle/apply.ts',
    from: 'calls: withCall(run.calls, { ...call, replied_at: now, detail }),\n    due_at: now,',
    to: "calls: withCall(run.calls, { ...call, replied_at: now, detail }),\n    ...(outcome.kind === 'done' && { state: cancelled(run.state, 'provider_cancelled', now) }),\n    due_at: now,",
    caughtBy: { ...apply, test: 'a reply to a cancel is never a conclusion, whatever it claims' },
  },
  {
    named: 'a create is sent again by the client',
    file: 'server/provider/openai/provider.ts',
    from: 'maxRetries: 0',
    to: 'maxRetries: 2',
    caughtBy: { ...client, test: 'is classified as what it proves, and sent once' },
  },
  {
    named: 'a 500 is taken for a refusal',
    file: 'server/provider/openai/classify.ts',
    from: 'return status >= 400 && status < 500 ?',
    to: 'return status >= 400 ?',
    caughtBy: { ...client, test: 'is classified as what it proves, and sent once' },
  },
  {
    named: 'a lost page of a list goes unnoticed',
    file: 'server/provider/openai/provider.ts',
    from: "if (fetched.kind !== 'done') return fetched;",
    to: "if (fetched.kind !== 'done') return { kind: 'done', value: found };",
    caughtBy: { ...client, test: 'that loses a page proves nothing' },
  },
  {
    named: 'the settle window is skipped',
    file: 'server/finetuning/lifecycle/decide.ts',
    from: 'const conclusive = now >= later(call.fenced_at, timing.settle_window_ms);',
    to: 'const conclusive = now >= call.fenced_at;',
    caughtBy: {
      ...decide,
      test: 'looks once for the job of a create without an answer, then fences it, then looks again',
    },
  },
  {
    named: 'a missing job counts as gone at once',
    file: 'server/finetuning/lifecycle/decide.ts',
    from: 'if (gone_since !== null && now >= later(gone_since, timing.settle_window_ms))',
    to: 'if (gone_since !== null)',
    caughtBy: {
      ...decide,
      test: 'looks by tag before it takes a missing job for gone, and only after the settle window',
    },
  },
  {
    named: 'a fence is taken for granted',
    file: 'server/finetuning/lifecycle/apply.ts',
    from: "if (outcome.kind === 'done' || (outcome.kind === 'refused' && outcome.refusal.code === 'missing')) {",
    to: 'if (outcome) {',
    caughtBy: search,
  },
  {
    named: 'a 401 is taken for a missing job',
    file: 'server/finetuning/lifecycle/apply.ts',
    from: "if (outcome.kind === 'unknown' || outcome.refusal.code !== 'missing') {",
    to: "if (outcome.kind === 'unknown') {",
    caughtBy: { ...apply, test: 'a provider that does not let us look has not said that the job is gone' },
  },
  {
    named: 'a create is opened after a stop was committed',
    file: 'server/finetuning/lifecycle/apply.ts',
    from: '(wantsStop(run.state.intent) || run.state.job_id !== null || openCall(run.calls))',
    to: '(run.state.job_id !== null || openCall(run.calls))',
    caughtBy: { ...apply, test: 'a create is not opened once a stop is wanted, nor beside another' },
  },
  {
    named: 'a second create is opened beside an open one',
    file: 'server/finetuning/lifecycle/apply.ts',
    from: 'run.state.job_id !== null || openCall(run.calls))',
    to: 'run.state.job_id !== null)',
    caughtBy: { ...apply, test: 'a create is not opened once a stop is wanted, nor beside another' },
  },
  {
    named: 'an intent may fall',
    file: 'server/finetuning/lifecycle/state.ts',
    from: 'intents.indexOf(wanted) > intents.indexOf(current) ? wanted : current',
    to: 'intents.indexOf(wanted) >= 0 ? wanted : current',
    caughtBy: { ...apply, test: 'does not lower a delete' },
  },
  {
    named: 'a late success overwrites a cancelled',
    file: 'server/finetuning/lifecycle/observe.ts',
    from: 'if (isStray(run, job.id)) return observeStray(run, job, now);',
    to: '',
    caughtBy: { ...apply, test: 'a late "succeeded" never overwrites a cancelled' },
  },
  {
    named: 'a stop is claimed though a create may have been executed',
    file: 'server/finetuning/lifecycle/state.ts',
    from: "run.state.job_id !== null || run.calls.some((call) => call.kind === 'create' && call.state === 'open')",
    to: 'run.state.job_id !== null',
    caughtBy: { ...apply, test: 'where a create may have been executed claims nothing' },
  },
  {
    named: 'a deleted run is forgotten before its file is gone',
    file: 'server/finetuning/lifecycle/decide.ts',
    from: 'if (unneeded !== undefined) return',
    to: "if (unneeded !== undefined && state.intent !== 'delete') return",
    caughtBy: { ...decide, test: 'and is deleted loses its file first and is forgotten then' },
  },
  {
    named: 'the janitor stops what other deployments run',
    file: 'server/provider/openai/provider.ts',
    from: 'matching((candidate) => candidate.tag.goldtune_deployment === deployment)',
    to: 'matching(() => deployment !== null)',
    caughtBy: {
      file: 'test/api/janitor.test.ts',
      test: 'jobs of other deployments, and of finetunings we never knew, are left alone; the latter are reported',
      project: 'postgres',
    },
  },
  {
    named: 'the sweep finds nothing',
    file: 'server/storage/finetunings.ts',
    from: '.where(lte(finetunings.due_at, now))',
    to: '.where(lt(finetunings.due_at, "1970-01-01T00:00:00.000Z"))',
    caughtBy: { ...races, project: 'unnotified', test: 'a cancel right after the create stops the job' },
  },
];
