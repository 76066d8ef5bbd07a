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
export type Catcher = {
  file: string;
  test: string;
  project: 'pure' | 'search' | 'postgres' | 'proof' | 'thorough' | 'unnotified';
};

const apply = { file: 'test/lifecycle/apply.test.ts', project: 'pure' } as const;
const decide = { file: 'test/lifecycle/decide.test.ts', project: 'pure' } as const;
const leftover = { file: 'test/lifecycle/leftover.test.ts', project: 'pure' } as const;
const reconcile = { file: 'test/lifecycle/reconcile.test.ts', project: 'pure' } as const;
const client = { file: 'test/provider/openai.test.ts', project: 'pure' } as const;
const bounds = { file: 'test/provider/bounds.test.ts', project: 'thorough' } as const;
const profiles = { file: 'test/provider/profiles.test.ts', project: 'pure' } as const;
const search = {
  // One of those whose paths begin with it.
  file: 'test/proof/search/exhaustive',
  test: 'a request without an answer and a crash: every invariant holds, and an end can be reached from everywhere',
  project: 'search',
} as const;
/** Another of the searches, by its name. */
const searchOf = (named: string) => ({ ...search, test: `${named}: every invariant holds` });
const proof = (suite: string, test: string) =>
  ({ file: `test/proof/${suite}/${suite}.test.ts`, test, project: 'proof' }) as const;
const forgetting = {
  file: 'test/proof/property/property.test.ts',
  test: 'keeps every promise, whatever happens, also at an engine that forgets',
  project: 'search',
} as const;
const followed = { file: 'test/following/list.test.ts', project: 'pure' } as const;
const following = {
  file: 'test/proof/property/following.test.ts',
  test: 'puts off no stop, and nothing of which a list shows something else, whatever fails',
  project: 'search',
} as const;
const races = { file: 'test/api/cancel-races.test.ts', project: 'thorough' } as const;

export const mutants: Mutant[] = [
  {
    named: 'compare-and-set is dropped',
    file: 'server/storage/write-statement.ts',
    from: 'AND version = $',
    to: 'AND -1 < $',
    caughtBy: {
      file: 'test/storage/compare-and-set.test.ts',
      test: 'who has lost to another write changes nothing, and is told so',
      project: 'thorough',
    },
  },
  {
    named: 'a request leaves though its call could not be written',
    file: 'server/finetuning/mutate.ts',
    from: 'if (!opened) return asItIs(deps, row);',
    to: 'if (!opened) return await send().then(() => row);',
    caughtBy: {
      ...reconcile,
      test: 'of two workers that decide to submit at the same time, one does: who could not write does not send',
    },
  },
  {
    named: 'an answer is dropped where the row has moved on',
    file: 'server/finetuning/mutate.ts',
    from: 'if (written) return written;',
    to: 'return written ?? opened;',
    caughtBy: { ...reconcile, test: 'an answer is written whatever the row has become meanwhile' },
  },
  {
    named: 'the reply to a cancel is trusted',
    file: 'server/finetuning/lifecycle/apply.ts',
    from: 'state: isRefused ? { job_stage: null } : {},',
    to: "state: kind === 'cancel_answered' && outcome.kind === 'done' ? cancelled(run.state, 'provider_cancelled', now) : {},",
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
    file: 'server/provider/openai/refusal-code.ts',
    from: 'if (!PROVING.has(status)) return null;',
    to: 'if (!PROVING.has(status) && status < 500) return null;',
    caughtBy: { ...client, test: 'is classified as what it proves, and sent once' },
  },
  {
    named: 'a conflict is taken for a refusal',
    file: 'server/provider/openai/refusal-code.ts',
    from: 'if (!PROVING.has(status)) return null;',
    to: 'if (!PROVING.has(status) && status !== 409) return null;',
    caughtBy: [
      { ...client, test: 'is classified as what it proves, and sent once' },
      { ...profiles, test: 'what became of the request is unknown' },
    ],
  },
  {
    named: 'a suffix that is cut loses whose it is',
    file: 'server/provider/openai/suffix.ts',
    from: '[mark, alias]',
    to: '[alias, mark]',
    caughtBy: { ...profiles, test: 'is read again when it was cut to what is kept at least' },
  },
  {
    named: 'the mark of another deployment is taken for ours',
    file: 'server/provider/openai/suffix.ts',
    from: 'mark.toLowerCase() === markOf(deployment)',
    to: 'mark.length > 0',
    caughtBy: {
      file: 'test/provider/conformance/nebius.test.ts',
      test: 'for a deployment shows its jobs, each with what tells whose it is, and none of another',
      project: 'pure',
    },
  },
  {
    named: 'a parameter that a provider does not know is left out without a word',
    file: 'server/provider/unknown-parameters.ts',
    from: 'if (unknown.length === 0) return null;',
    to: 'if (unknown.length < 10) return null;',
    caughtBy: {
      file: 'test/provider/conformance/openai.test.ts',
      test: 'with a learning_rate makes a job where that is known, and else is refused by that name',
      project: 'pure',
    },
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
    from: 'else controller.error(new Error(tooLong(provider)));',
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
    from: 'if (outcome.value.incomplete !== null) return listAgain(run, now, outcome.value.incomplete, terms);',
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
    from: "if (outcome.kind === 'done' && isConfirmed(searchOf(run, call), outcome.value, call.job_id, terms)) {",
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
    from: 'if (mayBeOurDoing(run, job, terms, progress)) {',
    to: 'if (mayBeOurDoing(run, job, terms, progress) && run.failures > 99) {',
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
    from: "isOver(markOf.gone(gone_since), seenFor, terms) ? 'confirm_gone' : 'poll'",
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
    file: 'server/finetuning/mutate.ts',
    from: "const opened = await write(deps, row, { kind: 'call_opened', call });\n  if (!opened) return asItIs(deps, row);\n  const answer = await send();",
    to: "const sending = send();\n  const opened = await write(deps, row, { kind: 'call_opened', call });\n  if (!opened) return asItIs(deps, row);\n  const answer = await sending;",
    caughtBy: proof('crash', 'a run is created and submitted, by an exception'),
  },
  {
    named: 'what has lost a write goes on from what the row was',
    file: 'server/finetuning/mutate.ts',
    from: '(await store.finetunings.findAny(row.id)) ?? row;',
    to: 'store && row;',
    caughtBy: { ...races, test: 'a cancel that met a look at its job waited for a second one' },
  },
  {
    named: 'a finetuning that is being handled is handed out again',
    file: 'server/worker/queue.ts',
    from: 'if (handled.has(id)) return;',
    to: '',
    caughtBy: {
      file: 'test/storage/queue.test.ts',
      test: 'looks that took minutes kept a worker from all others, and each was taken up again by every sweep',
      project: 'thorough',
    },
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
    file: 'server/storage/tracked-runs.ts',
    from: "'run.organization_id = $2 AND",
    to: "'$2::text IS NOT NULL AND",
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
      project: 'thorough',
    },
  },
  {
    named: 'a 401 is taken for a missing job',
    file: 'server/finetuning/lifecycle/polling.ts',
    from: "if (outcome.kind === 'unknown' || (outcome.kind === 'refused' && outcome.refusal.code !== 'missing')) {",
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
    from: 'if (isStray(run, job)) return observeStray(run, job, now);',
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
    file: 'server/finetuning/lifecycle/leftover.ts',
    from: 'if (unneeded !== undefined) return',
    to: "if (unneeded !== undefined && state.intent !== 'delete') return",
    caughtBy: { ...decide, test: 'and is deleted loses its file first and is forgotten then' },
  },
  {
    named: 'a run that has ended is looked at no more, though a call of it is open',
    file: 'server/finetuning/lifecycle/leftover.ts',
    from: 'openCall(run.calls) === undefined && ',
    to: '',
    caughtBy: { ...leftover, test: 'one with a call whose outcome is unknown stays due' },
  },
  {
    named: 'the janitor stops what other deployments run',
    file: 'server/provider/openai/adapter.ts',
    from: '(candidate) => candidate.tag.goldtune_deployment === deployment,',
    to: '() => deployment !== null,',
    caughtBy: {
      file: 'test/api/janitor.test.ts',
      test: 'jobs of other deployments, and of finetunings we never knew, are left alone; the latter are reported',
      project: 'thorough',
    },
  },
  {
    named: 'the sweep finds nothing',
    file: 'server/storage/schedule.ts',
    from: 'const isDue = lte(finetunings.due_at, now);',
    to: 'const isDue = gt(finetunings.due_at, farthest);',
    caughtBy: { ...races, project: 'unnotified', test: 'a cancel right after the create stops the job' },
  },
  {
    named: 'a cancel goes before the fence',
    file: 'server/finetuning/lifecycle/decide.ts',
    from: "terms.stop === 'fence_then_cancel' && isEnding ?",
    to: "terms.stop === 'fence_then_cancel' && job_stage === 'over' ?",
    caughtBy: {
      ...decide,
      test: 'removes the training file before it cancels, where the engine can forget a cancel',
    },
  },
  {
    named: 'an end counts though the job could begin again',
    file: 'server/finetuning/lifecycle/unfenced-end.ts',
    from: "stop === 'fence_then_cancel' && remainingFiles(calls).length > 0",
    to: "stop === 'fence_then_cancel' && remainingFiles(calls).length > 1",
    caughtBy: [
      searchOf('an engine that forgets, a cancel at the provider'),
      proof('rows', 'every run converges, whatever fails, crashes and is asked for meanwhile'),
    ],
  },
  {
    named: 'whatever has the id of the job is taken for it',
    file: 'server/finetuning/lifecycle/job-search.ts',
    from: '!isSameJob(wanted, shown) ||',
    to: '',
    caughtBy: [
      searchOf('an engine that forgets what it had not saved, ids given out again'),
      proof('matrix', 'though the engine forgets after releaseJob while there is room, and nobody does anything'),
    ],
  },
  {
    named: 'an id confirms a job though ids are given out again',
    file: 'server/finetuning/lifecycle/job-search.ts',
    from: "stop !== 'fence_then_cancel' &&",
    to: '',
    caughtBy: searchOf('an engine that forgets what it had not saved, ids given out again'),
  },
  {
    named: 'a held job is let begin though its run is to be stopped',
    file: 'server/finetuning/lifecycle/apply.ts',
    from: "if (call.kind === 'release' && (wantsStop(run.state.intent) || isTerminal(run.state.status))) return null;",
    to: '',
    caughtBy: { ...apply, test: 'a release is opened only where the run is still wanted' },
  },
  {
    named: 'another job is made though the forgotten one may have trained',
    file: 'server/finetuning/lifecycle/polling.ts',
    from: "if (terms.start === 'held' && !mayHaveBegun(run))",
    to: "if (terms.start === 'held')",
    caughtBy: forgetting,
  },
  {
    named: 'a job is looked for by its tag alone',
    file: 'server/finetuning/provider.ts',
    from: 'if (goldtune_finetuning === undefined) return isOfFile;',
    to: 'if (goldtune_finetuning === undefined) return false;',
    caughtBy: searchOf('jobs that show their file alone, a long validation, no answer'),
  },
  {
    named: 'what an engine says of a job is believed though the job is heard of',
    file: 'server/provider/slurm/own-account.ts',
    from: 'if (await isAlive(folders, file, notes)) return { ...known, ...stillRunning(job.provider_status) };',
    to: '',
    caughtBy: {
      file: 'test/provider/slurm/own-account.test.ts',
      test: 'a job that is heard of runs, where Slurm says that it was cancelled, and ended no process',
      project: 'pure',
    },
  },
  {
    named: 'a job goes on though the file that it has taken is removed',
    file: 'server/provider/slurm/script.ts',
    from: 'missed=$((missed + 1))',
    to: 'missed=0',
    caughtBy: {
      file: 'test/provider/slurm-script.test.ts',
      test: 'a job ends itself, and says so, once the file that it has taken is removed, though nobody else stops it',
      project: 'pure',
    },
  },
  {
    named: 'without a fence a job counts as absent once it has been searched for',
    file: 'server/finetuning/lifecycle/decide.ts',
    from: "if (terms.fence === 'none') return { kind: 'find_job', call, conclusive: isSearched };",
    to: "if (terms.fence === 'none') return { kind: 'find_job', call, conclusive: call.looked_up_at !== null };",
    caughtBy: [
      {
        ...decide,
        test: 'without a fence searches for the job of an unanswered create, and takes it for absent after a settle window',
      },
      searchOf('jobs that nothing fences, a lagging list, no answer'),
    ],
  },
  {
    named: 'an engine that forgets is believed about its cancel',
    file: 'server/provider/slurm/guarantees.ts',
    from: "stop: 'fence_then_cancel',",
    to: "stop: 'cancel',",
    caughtBy: proof(
      'matrix',
      'though the engine forgets after cancelJob while its job waits its turn, and nobody does anything',
    ),
  },
  {
    named: 'a held job is never let begin',
    file: 'server/finetuning/lifecycle/decide.ts',
    from: "job_stage === 'held' ? 'release' : 'poll'",
    to: "'poll'",
    caughtBy: proof('matrix', 'though the engine forgets after getJob while there is room, and nobody does anything'),
  },
  {
    named: 'what a list shows to have ended is put off as if it went on',
    file: 'server/finetuning/lifecycle/following.ts',
    from: "shown.phase === 'active' &&",
    to: '',
    caughtBy: {
      file: 'test/lifecycle/following.test.ts',
      test: 'no end, and nothing of another run, is taken from a list',
      project: 'pure',
    },
  },
  {
    named: 'a list that hides an end hides it for ever',
    file: 'server/finetuning/lifecycle/following.ts',
    from: 'ordered.slice(0, turns), listed: ordered.slice(turns)',
    to: '[], listed: ordered.slice(turns - turns)',
    caughtBy: {
      file: 'test/lifecycle/following.test.ts',
      test: 'of ten thousand runs each has its turn within a hundred intervals, for a twentieth of the requests',
      project: 'pure',
    },
  },
  {
    named: 'a list that hangs holds back every look until it is given up',
    file: 'server/finetuning/lifecycle/job-list.ts',
    from: 'now - list.heard < LONGEST_SILENCE * interval && ',
    to: '',
    caughtBy: { ...followed, test: 'while a list hangs each run is looked at by itself' },
  },
  {
    named: 'a list that comes in drops holds back every look until its end',
    file: 'server/finetuning/lifecycle/job-list.ts',
    from: ' && now - list.began < LONGEST * interval',
    to: '',
    caughtBy: {
      ...followed,
      test: 'a list of which a page comes now and then holds back no look for longer than a few intervals',
    },
  },
  {
    named: 'what a list handed on is put off by the next',
    file: 'server/finetuning/lifecycle/job-list.ts',
    from: 'list.handed.get(id) === asked_at',
    to: 'asked_at === undefined',
    caughtBy: [
      {
        ...followed,
        test: 'runs that a list handed on are not put off again by the next, however long their looks take to come',
      },
      following,
    ],
  },
  {
    named: 'what a list shows as something else stays put off',
    file: 'server/finetuning/following.ts',
    from: '!isAsKnown(run, job) && ',
    to: 'job.held && ',
    caughtBy: following,
  },
  {
    named: 'what a list does not show stays put off',
    file: 'server/finetuning/following.ts',
    from: 'handOn(list, [...unseen])',
    to: 'handOn(list, [])',
    caughtBy: { ...followed, test: 'what a list does not show is looked at by itself' },
  },
  {
    named: 'a run that is to be stopped is put off for a list',
    file: 'server/finetuning/lifecycle/following.ts',
    from: "state.intent === 'run' && ",
    to: '',
    caughtBy: following,
  },
  {
    named: 'those that were looked at last are looked at again',
    file: 'server/finetuning/lifecycle/following.ts',
    from: "(other.asked_at ?? '') ? -1 : 1",
    to: "(other.asked_at ?? '') ? 1 : -1",
    caughtBy: { ...following, test: 'looks at each run alone in its turn, whatever the list shows' },
  },
  {
    named: 'a queue that many have filled is emptied by one batch at each turn',
    file: 'server/worker/queue.ts',
    from: ', burstWhenBatchFull: true',
    to: '',
    caughtBy: {
      file: 'test/storage/queue.test.ts',
      test: 'many thousands are handed out without a pause between them',
      project: 'thorough',
    },
  },
  {
    named: 'the queue pauses by the wall clock',
    file: 'server/worker/queue.ts',
    from: 'now: () => performance.timeOrigin + performance.now() }',
    to: 'now: () => Date.now() }',
    caughtBy: {
      file: 'test/storage/queue.test.ts',
      test: 'a wall clock that was set back by a day while a worker looked for messages',
      project: 'thorough',
    },
  },
  {
    named: 'what is looked at again is put off ever longer while a run has not ended',
    file: 'server/finetuning/lifecycle/transition.ts',
    from: 'Math.min(poll_interval_ms, LONGEST_BACKOFF_MS);',
    to: 'Math.max(poll_interval_ms, LONGEST_BACKOFF_MS);',
    caughtBy: {
      file: 'test/lifecycle/apply.test.ts',
      test: 'a stop whose fence met a few broken requests',
      project: 'pure',
    },
  },
  {
    named: 'many that are written together are not compared first',
    file: 'server/storage/write-together.ts',
    from: ' AND run.version = given.version - 1',
    to: '',
    caughtBy: {
      file: 'test/storage/compare-and-set.test.ts',
      test: 'of many that are written together, who has lost',
      project: 'thorough',
    },
  },
  {
    named: 'one that is held holds up all that are written with it',
    file: 'server/storage/write-together.ts',
    from: ' SKIP LOCKED',
    to: '',
    caughtBy: {
      file: 'test/storage/compare-and-set.test.ts',
      test: 'of many that are written together, who has lost',
      project: 'thorough',
    },
  },
  {
    named: 'anybody is believed who names somebody else in X-Forwarded-For',
    file: 'server/http/client-address.ts',
    from: 'if (!isTrusted(origin, trusted)) break;',
    to: '',
    caughtBy: {
      file: 'test/limits/client-address.test.ts',
      test: 'what they were sent themselves is not believed',
      project: 'pure',
    },
  },
  {
    named: 'a stream outlives the key that opened it',
    file: 'server/http/while-let-in.ts',
    from: 'if (isOver(error)) end(error);',
    to: '',
    caughtBy: {
      file: 'test/limits/while-let-in.test.ts',
      test: 'it ends with a reason, and nobody is asked any more',
      project: 'pure',
    },
  },
  {
    named: 'a stream ends while the database is away',
    file: 'server/http/while-let-in.ts',
    from: "error instanceof DomainError && (error.code === 'unauthorized' || error.code === 'scope_missing')",
    to: 'error instanceof DomainError',
    caughtBy: {
      file: 'test/limits/while-let-in.test.ts',
      test: 'a database that is away',
      project: 'pure',
    },
  },
  {
    named: 'a name that leads to this network is followed',
    file: 'server/notify/send.ts',
    from: "const why = addresses === 'public' ? whyNotPublic(address) : null;",
    to: 'const why = null;',
    caughtBy: {
      file: 'test/notify/look-up.test.ts',
      test: 'a name that leads to this machine is refused',
      project: 'pure',
    },
  },
  {
    named: 'a receiver that asks for time does not get it',
    file: 'server/finetuning/webhooks/attempt.ts',
    from: 'Math.max(pause_ms, Math.min(asked_ms, LONGEST_PAUSE_MS))',
    to: 'pause_ms',
    caughtBy: {
      file: 'test/notify/send.test.ts',
      test: 'a receiver that asks to be left alone is left alone',
      project: 'pure',
    },
  },
  {
    named: 'a wait is told before what its run was told already',
    file: 'server/storage/outbox.ts',
    from: 'SET id = DEFAULT, state',
    to: 'SET state',
    caughtBy: {
      file: 'test/storage/outbox.test.ts',
      test: 'a wait that is told stands behind what its run was told before',
      project: 'thorough',
    },
  },
  {
    named: 'what is to be sent is forgotten with what was',
    file: 'server/storage/outbox.ts',
    from: "WHERE state IN ('void', 'delivered', 'given_up') AND due_at <= $1",
    to: 'WHERE due_at <= $1',
    caughtBy: {
      file: 'test/storage/outbox.test.ts',
      test: 'what was done a month ago is removed',
      project: 'thorough',
    },
  },
];
