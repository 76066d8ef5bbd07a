// Between the columns of finetunings and provider_calls and the records of the domain.
import { getTableColumns } from 'drizzle-orm';
import { finetunings, type providerCalls } from '../../drizzle/schema.ts';
import { type Call, type State, stateSchema } from '../finetuning/lifecycle/state.ts';
import type { Finetuning } from '../finetuning/record.ts';

/** All columns but the system prompt, which may be long and is needed only to build the file. */
const { system_prompt: _, ...columns } = getTableColumns(finetunings);
export const listed = columns;

type FinetuningRow = Omit<typeof finetunings.$inferSelect, 'system_prompt'>;
type CallRow = typeof providerCalls.$inferSelect;

export function finetuningFromRow(row: FinetuningRow): Finetuning {
  return {
    id: row.id,
    organization_id: row.organization_id,
    db_connection_id: row.db_connection_id,
    model_provider: row.model_provider,
    model_name: row.model_name,
    model_parameters: row.model_parameters,
    golden_records: row.golden_records,
    dataset: row.dataset,
    provider_ledger: row.provider_ledger,
    created_at: row.created_at,
    updated_at: row.updated_at,
    version: row.version,
    due_at: row.due_at,
    failures: row.failures,
    last_tried: row.last_tried,
    state: stateSchema.parse(row),
  };
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
    case 'cancel':
      return { ...common, kind: 'cancel', job_id: present(row.job_id) };
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
  looked_up_at: null,
  fenced_at: null,
  ...call,
  finetuning_id: owner.id,
  organization_id: owner.organization_id,
});
