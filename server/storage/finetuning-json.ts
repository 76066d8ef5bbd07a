// A run and its calls as the database gives them in one JSON document: columns by their names.
import { type Column, getTableColumns } from 'drizzle-orm';
import { z } from 'zod';
import { providerCalls } from '../../drizzle/schema.ts';
import * as shown from '../../drizzle/shown.ts';
import { stateSchema } from '../finetuning/lifecycle/state.ts';
import type { Finetuning, TrackedFinetuning } from '../finetuning/record.ts';
import { callFromRow, callRow, listed, unreadable } from './finetuning-rows.ts';

const document = z.record(z.string(), z.unknown());
const tracked = z.object({ calls: z.array(document), golden_records: z.array(z.string()).nullish() });

/** What no state holds. */
const pinned = z.object({
  id: z.string(),
  organization_id: z.string(),
  db_connection_id: z.string(),
  model_provider: z.string(),
  model_name: z.string(),
  model_parameters: shown.modelParameters,
  dataset: shown.dataset,
  provider_ledger: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  version: z.number(),
  due_at: z.string().nullable(),
  failures: z.number(),
  last_tried: shown.tried,
});

/** Each column as it is read where it comes by itself. */
const readAs = (columns: Record<string, Column>) => {
  const known = Object.entries(columns);
  return (given: Record<string, unknown>): Record<string, unknown> => {
    const read: Record<string, unknown> = {};
    for (const [name, column] of known) {
      const value = given[column.name];
      read[name] = value === null ? null : column.mapFromDriverValue(value);
    }
    return read;
  };
};
const readRun = readAs(listed);
const readCall = readAs(getTableColumns(providerCalls));

/** @throws DomainError `internal` where it holds a word that is not known here: nothing is decided by a guess at it. */
export function trackedFromJson(given: unknown): TrackedFinetuning {
  const run = finetuningFromColumns(document.parse(given));
  const { golden_records, ...rest } = tracked.parse(given);
  const calls = rest.calls.map((one) => {
    const call = callRow.safeParse(readCall(one));
    if (!call.success) throw unreadable(run.id, call.error);
    return callFromRow(call.data);
  });
  return { ...run, calls, ...(golden_records ? { golden_records } : {}) };
}

/** @param given each column as the database gives it. @throws DomainError as above */
export function finetuningFromColumns(given: Record<string, unknown>): Finetuning {
  const row = readRun(given);
  const run = pinned.parse(row);
  const state = stateSchema.safeParse(row);
  if (!state.success) throw unreadable(run.id, state.error);
  return { ...run, state: state.data };
}
