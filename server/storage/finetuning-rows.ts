// Between the columns of finetunings and provider_calls and the records of the domain.
import { getTableColumns } from 'drizzle-orm';
import { z } from 'zod';
import { finetunings, type providerCalls } from '../../drizzle/schema.ts';
import { DomainError } from '../finetuning/errors.ts';
import { type Call, callKinds, callStates, type State, stateSchema } from '../finetuning/lifecycle/state.ts';
import type { Finetuning } from '../finetuning/record.ts';

/** All columns but those that may be long and are seldom needed: the system prompt, and what it is trained on. */
const { system_prompt: _, golden_records: __, ...columns } = getTableColumns(finetunings);
export const listed = columns;

/** Beside its texts: ids, times, figures, names. */
const LISTED_BYTES = 1000;
/** About as many bytes as a run takes in a list. */
export const bytesListed = `octet_length(concat(run.metadata, run.alias, run.error, run.waiting, run.last_tried,
  run.cancel_reason)) + ${LISTED_BYTES}`;

type FinetuningRow = Omit<typeof finetunings.$inferSelect, 'system_prompt' | 'golden_records'>;
type CallRow = typeof providerCalls.$inferSelect;

/** @throws DomainError `internal` where it holds a word that is not known here: nothing is decided by a guess at it. */
export function finetuningFromRow(row: FinetuningRow): Finetuning {
  const state = stateSchema.safeParse(row);
  if (!state.success) throw unreadable(row.id, state.error);
  return {
    id: row.id,
    organization_id: row.organization_id,
    db_connection_id: row.db_connection_id,
    model_provider: row.model_provider,
    model_name: row.model_name,
    model_parameters: row.model_parameters,
    dataset: row.dataset,
    provider_ledger: row.provider_ledger,
    created_at: row.created_at,
    updated_at: row.updated_at,
    version: row.version,
    due_at: row.due_at,
    failures: row.failures,
    last_tried: row.last_tried,
    state: state.data,
  };
}

/** A call as its columns say it. */
export const callRow = z.object({
  id: z.string(),
  organization_id: z.string(),
  finetuning_id: z.string().nullable(),
  kind: z.enum(callKinds),
  state: z.enum(callStates),
  attempt: z.number(),
  file_id: z.string().nullable(),
  job_id: z.string().nullable(),
  job_name: z.string().nullable(),
  job_incarnation: z.string().nullable(),
  opened_at: z.string(),
  lease_until: z.string(),
  replied_at: z.string().nullable(),
  looked_up_at: z.string().nullable(),
  fenced_at: z.string().nullable(),
  detail: z.string().nullable(),
}) satisfies z.ZodType<CallRow>;

export function unreadable(id: string, cause: z.ZodError): DomainError {
  const fields = new Set(cause.issues.map(({ path }) => path.join('.')));
  const message = `What is stored of finetuning ${id} cannot be read (${[...fields].join(', ')}): was it written by a newer goldtune? It is neither shown nor acted on.`;
  return new DomainError('internal', message, { cause });
}

/** Each field of the state is a column of the same name. */
export const stateToColumns = (state: State): State => stateSchema.parse(state);

export function callFromRow(row: CallRow): Call {
  const common = {
    id: row.id,
    attempt: row.attempt,
    state: row.state,
    opened_at: row.opened_at,
    lease_until: row.lease_until,
    replied_at: row.replied_at,
    detail: row.detail,
  };
  switch (row.kind) {
    case 'upload':
      return { ...common, kind: 'upload', file_id: row.file_id };
    case 'create':
      return {
        ...common,
        kind: 'create',
        file_id: present(row.file_id),
        job_id: row.job_id,
        looked_up_at: row.looked_up_at,
        fenced_at: row.fenced_at,
      };
    case 'release':
    case 'cancel':
      return {
        ...common,
        kind: row.kind,
        job_id: present(row.job_id),
        job_name: row.job_name,
        job_incarnation: row.job_incarnation,
      };
    case 'delete_file':
      return { ...common, kind: 'delete_file', file_id: present(row.file_id) };
    default:
      return row.kind satisfies never;
  }
}

function present(value: string | null): string {
  if (value === null) throw new Error('a provider call lacks what it acts on');
  return value;
}

export const callToRow = (call: Call, owner: Pick<Finetuning, 'id' | 'organization_id'>): CallRow => ({
  file_id: null,
  job_id: null,
  job_name: null,
  job_incarnation: null,
  looked_up_at: null,
  fenced_at: null,
  ...call,
  finetuning_id: owner.id,
  organization_id: owner.organization_id,
});
