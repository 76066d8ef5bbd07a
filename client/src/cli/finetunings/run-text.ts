// Finetunings in words for people. Pure.
import type { Cancellation, Finetuning, FinetuningEvent } from '../../generated/router.ts';
import type { Paint } from '../colour.ts';
import type { Outcome } from '../exit-codes.ts';
import { table } from '../table.ts';
import { count, details, metadataText, oneLine, shortened, timeColumn, timeText } from '../text.ts';

type Progress = Finetuning['progress'];

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
const statusText = ({ status, cancellation, waiting }: Finetuning) =>
  [status, cancellation?.state === 'requested' ? 'cancelling' : null, waiting && 'waiting'].filter(Boolean).join(', ');

const percentText = (progress: Progress) => (progress?.percent == null ? null : `${Math.round(progress.percent)} %`);

export function runText(run: Finetuning, paint: Paint): string {
  const { model_parameters: parameters, model_name } = run.base_llm;
  const { examples, tokens, bytes } = run.dataset;
  const fields = details([
    ['id', run.id],
    ['alias', run.alias && shortened(run.alias, 200)],
    ['status', paint(run.status, statusText(run))],
    ['error', run.error && oneLine(run.error)],
    ['waits for', run.waiting && oneLine(run.waiting.for)],
    ['waits since', run.waiting?.since ?? null],
    ['tried next', run.waiting?.next_look_at ?? null],
    ['progress', progressText(run.progress)],
    ['trained model', run.model_id],
    ['base model', model_name],
    [
      'parameters',
      Object.entries(parameters)
        .map((entry) => entry.join('='))
        .join(' '),
    ],
    ['dataset', `${count(examples)} examples, ${count(tokens)} tokens, ${count(bytes)} bytes`],
    ['connection', run.db_connection_id],
    ['provider job', run.finetuning_job_id],
    ['metadata', metadataText(run.metadata)],
    ['created', run.created_at],
    ['updated', run.updated_at],
  ]);
  return run.cancellation ? `${fields}\n\n${receiptText(run.cancellation)}` : fields;
}

const evidences: Record<NonNullable<Cancellation['evidence']>, string> = {
  never_submitted: 'it was never submitted to the provider',
  submission_refused: 'the provider refused the submission, or failed it before it trained',
  absent_at_provider: 'the provider has no such job, and none can come to be',
  provider_cancelled: 'the provider shows the job as cancelled',
  provider_gone: 'the job no longer exists at the provider',
};

export const receiptText = (receipt: Cancellation): string =>
  details([
    ['cancel', receipt.state],
    ['because', receipt.evidence && evidences[receipt.evidence]],
    ['requested', `${receipt.requested_at} by ${oneLine(receipt.requested_by)}`],
    ['confirmed', receipt.confirmed_at],
    ['reason', receipt.reason && oneLine(receipt.reason)],
    ['provider status', receipt.provider_status],
    ['trained tokens', receipt.trained_tokens === null ? null : count(receipt.trained_tokens)],
  ]);

/** Null: nothing is known of it. */
export function progressText(progress: Progress): string | null {
  if (!progress) return null;
  const parts = [
    percentText(progress),
    progress.step === null ? null : `step ${progress.step}/${progress.total_steps ?? '?'}`,
    progress.train_loss === null ? null : `train loss ${progress.train_loss.toFixed(3)}`,
    progress.estimated_finish && `finishes about ${progress.estimated_finish.slice(0, 16).replace('T', ' ')} UTC`,
  ];
  return parts.filter(Boolean).join(', ') || null;
}

export function eventText(event: FinetuningEvent, paint: Paint): string {
  const progress = progressText(event.progress);
  const status = event.status ? paint(event.status, event.status.padEnd(16)) : ''.padEnd(16);
  return `${event.created_at}  ${status}  ${oneLine(event.message)}${progress ? ` (${progress})` : ''}`;
}

/** One line about how it ended. */
export function endText(run: Finetuning, paint: Paint): string {
  const rest = run.status === 'succeeded' ? `: ${run.model_id ?? ''}` : run.error ? `: ${oneLine(run.error)}` : '';
  return `${run.id} ${paint(run.status, run.status)}${rest}`;
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
