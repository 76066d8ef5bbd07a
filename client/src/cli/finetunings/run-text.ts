// Finetunings in words for people. Pure.
import type { Actor, Cancellation, Finetuning, FinetuningEvent } from '../../generated/router.ts';
import type { Paint } from '../colour.ts';
import type { Outcome } from '../exit-codes.ts';
import { table } from '../table.ts';
import { count, details, metadataText, oneLine, shortened, timeColumn, timeText } from '../text.ts';

type Progress = Finetuning['progress'];
export type Waiting = Finetuning['waiting'];
type Tried = NonNullable<NonNullable<Waiting>['last_tried']>;

export const runTable = (runs: readonly Finetuning[], paint: Paint, width: number | null): string =>
  table(
    ['id', { name: 'alias', least: 6 }, 'status', { name: 'model', least: 8 }, 'percent', timeColumn('created', width)],
    runs.map((run) => [
      run.id,
      run.alias && oneLine(run.alias),
      paint(run.status, statusText(run)),
      run.base_llm.model_name,
      percentText(run.progress),
      timeText(run.created_at, width),
    ]),
    width,
  );

/** While a cancel is pursued, or something is waited for, the status says nothing of it. */
export const statusText = ({ status, cancellation, waiting }: Finetuning) =>
  [status, cancellation?.state === 'requested' ? 'cancelling' : null, waiting && 'waiting'].filter(Boolean).join(', ');

const percentText = (progress: Progress) => (progress?.percent == null ? null : `${Math.round(progress.percent)} %`);

export function runText(run: Finetuning, paint: Paint): string {
  const { model_parameters: parameters, model_name, model_provider } = run.base_llm;
  const fields = details([
    ['id', run.id],
    ['alias', run.alias && shortened(run.alias, 200)],
    ['status', paint(run.status, statusText(run))],
    [run.status === 'failed' ? 'error' : 'outcome', run.error && oneLine(run.error)],
    ...waitingFields(run.waiting),
    ['progress', progressText(run.progress)],
    ['trained model', run.model_id],
    ['provider', oneLine(model_provider)],
    ['base model', model_name],
    ['parameters', parameters && parametersText(parameters)],
    ['dataset', datasetText(run.dataset)],
    ['connection', run.db_connection_id],
    ['provider job', run.finetuning_job_id],
    ['metadata', metadataText(run.metadata)],
    ['created', run.created_at],
    ['updated', run.updated_at],
  ]);
  return run.cancellation ? `${fields}\n\n${receiptText(run.cancellation)}` : fields;
}

/** What is left to the provider is not told. */
function parametersText({ lora, ...usual }: NonNullable<Finetuning['base_llm']['model_parameters']>): string {
  const ofLora = Object.entries(lora ?? {}).map(([name, value]): [string, unknown] => [`lora_${name}`, value]);
  return [...Object.entries(usual), ...ofLora]
    .filter(([, value]) => value !== null)
    .map((entry) => entry.join('='))
    .join(' ');
}

const datasetText = (dataset: Finetuning['dataset']) =>
  dataset && `${count(dataset.examples)} examples, ${tokensText(dataset)}, ${count(dataset.bytes)} bytes`;

// An older server says nothing of it: its counts are exact.
const tokensText = ({
  tokens,
  tokens_exact: exact = true,
  tokens_margin: margin,
}: NonNullable<Finetuning['dataset']>) =>
  exact ? `${count(tokens)} tokens` : `about ${count(tokens)} tokens (estimate, ±${Math.round(margin * 100)} %)`;

const actions: Record<Tried['action'], string> = {
  upload: 'to upload the training file',
  create: 'to create the job',
  release: 'to release the job',
  cancel: 'to cancel the job',
  delete_file: 'to remove the training file',
  get_file: 'to look at the training file',
  list_files: 'to look for the training file',
  get_job: 'to look at the job',
  list_jobs: 'to look for the job',
};

// A newer server may try what is unknown here.
const triedText = ({ action, answer }: Tried) => `${actions[action] ?? action}: ${oneLine(answer)}`;

const waitingFields = (waiting: Waiting): [string, string | null][] =>
  waiting
    ? [
        ['waits for', oneLine(waiting.for)],
        ['waits since', waiting.since],
        ['tried last', waiting.last_tried && `${waiting.last_tried.at} ${triedText(waiting.last_tried)}`],
        ['tried next', waiting.next_look_at],
      ]
    : [];

/** The same for a place with room for a few words: `since 10:31:02, tried at 10:33:17, next at 10:33:32`. */
export function waitingText({ since, last_tried, next_look_at }: NonNullable<Waiting>): string {
  const parts = [
    `since ${clockOf(since)}`,
    last_tried && `tried at ${clockOf(last_tried.at)}`,
    next_look_at && `next at ${clockOf(next_look_at)}`,
  ];
  return parts.filter(Boolean).join(', ');
}

const clockOf = (time: string) => time.slice(11, 19);

const evidences: Record<NonNullable<Cancellation['evidence']>, string> = {
  never_submitted: 'it was never submitted to the provider',
  submission_refused: 'the provider refused the submission, or failed it before it trained',
  absent_at_provider: 'the provider has no such job, and none can come to be',
  provider_cancelled: 'the provider shows the job as cancelled',
  provider_gone: 'the job no longer exists at the provider',
};

// An older server tells the name alone.
const requesterText = ({ requested_by, requester }: Cancellation) =>
  oneLine(
    requester && requester.who !== requester.id ? `${requested_by} (${requester.who} ${requester.id})` : requested_by,
  );

/** `waiting`: what the proof waits for, where there is none yet. */
export const receiptText = (receipt: Cancellation, waiting: Waiting = null): string =>
  details([
    ['cancel', receipt.state],
    ['because', receipt.evidence && evidences[receipt.evidence]],
    ['requested', `${receipt.requested_at} by ${requesterText(receipt)}`],
    ['confirmed', receipt.confirmed_at],
    ['reason', receipt.reason && oneLine(receipt.reason)],
    ['provider status', receipt.provider_status],
    ['trained tokens', receipt.trained_tokens === null ? null : count(receipt.trained_tokens)],
    ...waitingFields(waiting),
  ]);

/** Null: nothing is known of it. */
export function progressText(progress: Progress): string | null {
  if (!progress) return null;
  return [percentText(progress), stepText(progress)].filter(Boolean).join(', ') || null;
}

/** The same beside a bar, which shows the percent itself. */
export function stepText(progress: Progress): string | null {
  if (!progress) return null;
  const parts = [
    progress.step === null ? null : `step ${progress.step}/${progress.total_steps ?? '?'}`,
    progress.train_loss === null ? null : `train loss ${progress.train_loss.toFixed(3)}`,
    progress.estimated_finish && `finishes about ${progress.estimated_finish.slice(0, 16).replace('T', ' ')} UTC`,
  ];
  return parts.filter(Boolean).join(', ') || null;
}

/** `on call, key 656a1c10eb4e22533dc44001, 192.0.2.7` */
const actorText = ({ who, id, name, from }: Actor): string =>
  oneLine([name, who === id ? null : `${who} ${id}`, from].filter(Boolean).join(', '));

export function eventText(event: FinetuningEvent, paint: Paint): string {
  const progress = progressText(event.progress);
  const status = event.status ? paint(event.status, event.status.padEnd(16)) : ''.padEnd(16);
  // An older server does not say.
  const by = event.by ? ` (by ${actorText(event.by)})` : '';
  return `${event.created_at}  ${status}  ${oneLine(event.message)}${progress ? ` (${progress})` : ''}${by}`;
}

/** One line about how it ended. */
export function endText(run: Finetuning, paint: Paint): string {
  const how = run.status === 'succeeded' ? run.model_id : run.error;
  const reason = run.cancellation?.state === 'confirmed' ? run.cancellation.reason : null;
  const said = [how && oneLine(how), reason && `the reason given: ${oneLine(reason)}`].filter(Boolean).join('; ');
  return `${run.id} ${paint(run.status, run.status)}${said ? `: ${said}` : ''}`;
}

/** Of a run that was followed to its end. */
export function outcomeOfRun({ status }: Pick<Finetuning, 'status'>): Outcome {
  switch (status) {
    case 'succeeded':
      return 'done';
    case 'failed':
    case 'cancelled':
      return status;
    default:
      return 'pending';
  }
}
