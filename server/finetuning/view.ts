// Records as the wire shows them.
import type { AuditEntry } from './audit.ts';
import type { Made } from './commands/same-request.ts';
import { auditIdOf } from './contract/audit.ts';
import type { FinetuningView } from './contract/finetunings.ts';
import type { Added } from './golden-records/add.ts';
import { parsersOf } from './golden-records/parsers.ts';
import type { ShownKey } from './keys.ts';
import { receiptOf } from './lifecycle/receipt.ts';
import type { Progress } from './lifecycle/state.ts';
import type { Dataset, DbConnection, Finetuning, GoldenRecord, RecordIds, TimelineEvent } from './record.ts';
import { NO_WORKER } from './unattended.ts';

/** Without the ids of its records where they were not read. */
export const viewFinetuning = (finetuning: Finetuning & Partial<RecordIds>): FinetuningView => {
  const { state } = finetuning;
  return {
    id: finetuning.id,
    db_connection_id: finetuning.db_connection_id,
    alias: state.alias,
    status: state.status,
    error: state.error,
    base_llm: {
      model_provider: finetuning.model_provider,
      model_name: finetuning.model_name,
      model_parameters: finetuning.model_parameters,
    },
    finetuning_file_id: state.file_id,
    finetuning_job_id: state.job_id,
    model_id: state.model_id,
    created_at: finetuning.created_at,
    updated_at: finetuning.updated_at,
    golden_records: finetuning.golden_records ?? null,
    dataset: finetuning.dataset && viewDataset(finetuning.dataset),
    metadata: state.metadata,
    cancellation: receiptOf(state),
    progress: viewProgress(state.progress),
    waiting: state.waiting && {
      for: state.waiting.for,
      since: state.waiting.since,
      last_tried: finetuning.last_tried,
      // Of what is due, and nobody is there to do it, no time can be told.
      next_look_at: state.waiting.type === NO_WORKER ? null : finetuning.due_at,
    },
  };
};

const viewDataset = (dataset: Dataset) => ({ ...dataset, tokens_exact: dataset.tokens_margin === 0 });

const viewProgress = (progress: Progress | null) => progress && { ...progress, percent: percentOf(progress) };

/** Whatever the figures: they are the provider's. */
const percentOf = ({ step, total_steps }: Progress) =>
  step === null || !total_steps ? null : Math.round(1000 * Math.min(1, Math.max(0, step / total_steps))) / 10;

/** Addresses are for who manages keys: a key that may only look is often in many hands. */
export const viewEvent = (event: TimelineEvent, { tellsFrom }: { tellsFrom: boolean }) => ({
  id: event.version,
  type: event.type,
  message: event.message,
  status: event.changes.status ?? null,
  progress: viewProgress(event.changes.progress ?? null),
  by: event.by && { ...event.by, from: tellsFrom ? event.by.from : null },
  created_at: event.created_at,
});

export const viewAuditEntry = (entry: AuditEntry) => {
  const { of: _, version, ...shown } = entry;
  return { id: auditIdOf(entry), ...shown, event_id: version === 0 ? null : version };
};

export const viewGoldenRecord = ({ organization_id, content_hash, ...shown }: GoldenRecord) => shown;

/** What is not so is not said. */
export const viewMade = ({ replayed, ...finetuning }: Made & Partial<RecordIds>) => ({
  ...viewFinetuning(finetuning),
  ...(replayed ? { replayed: true as const } : {}),
});

export const viewAdded = ({ duplicate, ...record }: Added) => ({
  ...viewGoldenRecord(record),
  ...(duplicate ? { duplicate: true as const } : {}),
});

export const viewDbConnection = ({ organization_id, ...shown }: DbConnection) => ({
  ...shown,
  sql_checked: parsersOf(shown.dialect) !== null,
});

export const viewKey = <K extends ShownKey>({ organization_id, ...shown }: K) => ({
  ...shown,
  scopes: [...shown.scopes],
});
