// One-line weakenings of the product, each with the test that must notice it.

export type Mutant = {
  named: string;
  file: string;
  /** Occurs exactly once in the file. */
  from: string;
  to: string;
  /** Each of them must fail. */
  caughtBy: Catcher | readonly Catcher[];
};

/** `test` is in the title of the test, its groups left out. */
export type Catcher = { file: string; test: string; project: 'pure' | 'postgres' | 'proof' | 'unnotified' };

const apply = { file: 'test/lifecycle/apply.test.ts', project: 'pure' } as const;
const decide = { file: 'test/lifecycle/decide.test.ts', project: 'pure' } as const;
const reconcile = { file: 'test/lifecycle/reconcile.test.ts', project: 'pure' } as const;
const client = { file: 'test/provider/openai.test.ts', project: 'pure' } as const;
const bounds = { file: 'test/provider/bounds.test.ts', project: 'pure' } as const;
const search = {
  file: 'test/proof/search/exhaustive.test.ts',
  test: 'a request without an answer and a crash: every invariant holds, and an end can be reached from everywhere',
  project: 'pure',
} as const;
/** Another of the searches, by its name. */
const searchOf = (named: string) => ({ ...search, test: `${named}: every invariant holds` });
const proof = (suite: string, test: string) =>
  ({ file: `test/proof/${suite}/${suite}.test.ts`, test, project: 'proof' }) as const;
const races = { file: 'test/api/cancel-races.test.ts', project: 'postgres' } as const;

export const mutants: Mutant[] = [
  {
    named: 'compare-and-set is dropped',
    file: 'server/storage/finetunings.ts',
    from: '.where(and(within(before.organization_id, before.id), eq(finetunings.version, before.version)))',
    to: '.where(within(before.organization_id, before.id))',
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
    to: 'return written ?? opened;',
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
    file: 'server/provider/openai/client.ts',
    from: 'maxRetries: 0',
    to: 'maxRetries: 2',
    caughtBy: { ...client, test: 'is classified as what it proves, and sent once' },
  },
  {
    named: 'a 500 is taken for a refusal',
    file: 'server/provider/openai/classify.ts',
    from: 'if (status < 400 || status >= 500) return null;',
    to: 'if (status < 400) return null;',
    caughtBy: { ...client, test: 'is classified as what it proves, and sent once' },
  },
  {
    named: 'a lost page of a list goes unnoticed',
    file: 'server/provider/openai/list.ts',
    from: 'if (found.length === 0) return fetched;',
    to: 'if (found.length === 0) return ended(null);',
    caughtBy: { ...client, test: 'that loses a page proves nothing' },
  },
  {
    named: 'a list that goes round is taken for whole',
    file: 'server/provider/openai/list.ts',
    from: "return ended('it says that there is more, and a further page brings nothing new');",
    to: 'return ended(null);',
    caughtBy: { ...client, test: 'that goes round for ever ends with what it showed, and says that this is not all' },
  },
  {
    named: 'a list of which the rest was not looked at is taken for whole',
    file: 'server/provider/openai/list.ts',
    from: '    // What was left out of it may be what is wanted.\n    if (entries > MOST_ENTRIES) break;\n',
    to: '',
    caughtBy: { ...bounds, test: 'of which one page holds more than is looked at is not whole, though it says so' },
  },
  {
    named: 'a refusal that was not read to its end counts',
    file: 'server/provider/openai/bounded-reply.ts',
    from: 'else controller.error(new Error(TOO_LONG));',
    to: 'else controller.terminate();',
    caughtBy: { ...bounds, test: 'that begins as a refusal claims nothing, and is read no further than its bound' },
  },
  {
    named: 'an id may name another place',
    file: 'server/provider/openai/replies.ts',
    from: '!/^\\.{1,2}$|\\p{Cc}/u.test(value)',
    to: '!/\\p{Cc}/u.test(value)',
    caughtBy: { ...bounds, test: 'that is ".." is not taken for one: what was asked for is not known' },
  },
  {
    named: 'a part of a list is taken for all of it',
    file: 'server/finetuning/lifecycle/submission.ts',
    from: 'if (outcome.value.incomplete !== null) return listAgain(run, now, outcome.value.incomplete, timing.poll_interval_ms);',
    to: '',
    caughtBy: searchOf('a list cut short, an id of a gateway’s own'),
  },
  {
    named: 'a job is known by its file alone',
    file: 'server/finetuning/provider.ts',
    from: 'return isOfFile || attempt === null || goldtune_attempt === undefined || goldtune_attempt === String(attempt);',
    to: 'return isOfFile;',
    caughtBy: { ...client, test: 'finds the job though the list shows its file under another id' },
  },
  {
    named: 'whatever a create is answered with is believed',
    file: 'server/finetuning/lifecycle/submission.ts',
    from: "if (outcome.kind === 'done' && isConfirmed(searchOf(run, call), outcome.value, call.job_id)) {",
    to: "if (outcome.kind === 'done') {",
    caughtBy: { ...apply, test: 'is searched for where there is no such job, or where that is somebody else’s' },
  },
  {
    named: 'a job that is there under another id counts as gone',
    file: 'server/finetuning/lifecycle/polling.ts',
    from: 'if (job) return observe({ ...run,',
    to: 'if (job?.id === run.state.job_id && job) return observe({ ...run,',
    caughtBy: { ...apply, test: 'is gone only where the whole list shows no job of the run under any id' },
  },
  {
    named: 'what our own fence has failed fails the run',
    file: 'server/finetuning/lifecycle/observe.ts',
    from: 'if (mayBeOurDoing(run, job, progress)) {',
    to: 'if (mayBeOurDoing(run, job, progress) && run.failures > 99) {',
    caughtBy: [
      { ...apply, test: 'is no end of a run whose file we had removed ourselves: another attempt is made' },
      searchOf('a job that is long validated, a lagging list, no answer'),
    ],
  },
  {
    named: 'the wall clock decides how long a fence has been there',
    file: 'server/finetuning/sightings.ts',
    from: 'const now = monotonic();',
    to: 'const now = Date.now();',
    caughtBy: {
      file: 'test/lifecycle/windows.test.ts',
      test: 'each process counts from its own first look, and from the beginning after a restart',
      project: 'pure',
    },
  },
  {
    named: 'the settle window is skipped',
    file: 'server/finetuning/lifecycle/windows.ts',
    from: 'seenFor(mark) >= timing.settle_window_ms',
    to: 'seenFor(mark) >= 0',
    caughtBy: {
      ...decide,
      test: 'looks for the job of a create without an answer for a settle window, then fences it, then looks for another',
    },
  },
  {
    named: 'a missing job counts as gone at once',
    file: 'server/finetuning/lifecycle/decide.ts',
    from: "isOver(markOf.gone(gone_since), seenFor, timing) ? 'confirm_gone' : 'poll'",
    to: "'confirm_gone'",
    caughtBy: {
      ...decide,
      test: 'looks by tag before it takes a missing job for gone, and only after the settle window',
    },
  },
  {
    named: 'a fence is taken for granted',
    file: 'server/finetuning/lifecycle/removal.ts',
    from: "if (outcome.kind === 'done') return removed(run, replied, now);",
    to: 'if (outcome) return removed(run, replied, now);',
    caughtBy: search,
  },
  {
    named: 'a "no such file" is taken for a fence',
    file: 'server/finetuning/lifecycle/removal.ts',
    from: "if (outcome.kind === 'refused' && outcome.refusal.code !== 'missing') {",
    to: "if (outcome.kind === 'refused' && outcome.refusal.code === 'missing') return removed(run, replied, now);\n  if (outcome.kind === 'refused') {",
    caughtBy: [
      searchOf('a thing denied, no answer, a round of the janitor'),
      proof('matrix', 'however deleteFile fails, and the user cancels before'),
    ],
  },
  {
    named: 'a create that our own fence refused fails the run',
    file: 'server/finetuning/lifecycle/refusal.ts',
    from: "if (call.kind === 'create' && wasFenced(calls, call.file_id)) return submitAgain(run, calls, now);",
    to: '',
    caughtBy: searchOf('a worker that stalls, a request without an answer'),
  },
  {
    named: 'a request leaves before its call is committed',
    file: 'server/finetuning/reconcile.ts',
    from: "const opened = await write(deps, row, { kind: 'call_opened', call });\n  if (!opened) return row;\n  const answer = await send();",
    to: "const sending = send();\n  const opened = await write(deps, row, { kind: 'call_opened', call });\n  if (!opened) return row;\n  const answer = await sending;",
    caughtBy: proof('crash', 'a run is created and submitted, by an exception'),
  },
  {
    named: 'an answer says cancelled before it is proven',
    file: 'server/finetuning/view.ts',
    from: 'status: state.status,',
    to: "status: state.intent === 'run' ? state.status : 'cancelled',",
    caughtBy: proof('matrix', 'however cancelJob fails, and nobody does anything'),
  },
  {
    named: 'a run is found whatever its organization',
    file: 'server/storage/finetunings.ts',
    from: 'and(within(organization_id, id), isNull(finetunings.deleted_at))',
    to: 'and(eq(finetunings.id, id), isNull(finetunings.deleted_at))',
    caughtBy: {
      file: 'test/storage/organizations.test.ts',
      test: 'what belongs to one organization does not exist for another',
      project: 'postgres',
    },
  },
  {
    named: 'the janitor removes every file',
    file: 'server/finetuning/janitor.ts',
    from: 'if (owner && deps.provider.owns(owner.provider_ledger) && !isNeeded(file, owner))',
    to: 'if (owner && deps.provider.owns(owner.provider_ledger))',
    caughtBy: {
      file: 'test/api/janitor.test.ts',
      test: 'a second job of a run is stopped, the run, its own job and its file go on',
      project: 'postgres',
    },
  },
  {
    named: 'a 401 is taken for a missing job',
    file: 'server/finetuning/lifecycle/polling.ts',
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
    caughtBy: [
      { ...apply, test: 'where a create may have been executed claims nothing' },
      // The suites that see it only at the provider must see it as well.
      proof('matrix', 'however createJob fails, and the user cancels during'),
      proof('crash', 'a run whose submission got no answer is cancelled, by an exception'),
      proof('zombies', 'a create whose run is cancelled meanwhile'),
    ],
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
    from: 'jobsThat((candidate) => candidate.tag.goldtune_deployment === deployment)',
    to: 'jobsThat(() => deployment !== null)',
    caughtBy: {
      file: 'test/api/janitor.test.ts',
      test: 'jobs of other deployments, and of finetunings we never knew, are left alone; the latter are reported',
      project: 'postgres',
    },
  },
  {
    named: 'the sweep finds nothing',
    file: 'server/storage/finetunings.ts',
    from: 'or(lte(finetunings.due_at, now), gt(finetunings.due_at, farthest)),',
    to: 'gt(finetunings.due_at, farthest),',
    caughtBy: { ...races, project: 'unnotified', test: 'a cancel right after the create stops the job' },
  },
];
