// Creating a finetuning: everything that can be wrong is found here, before anything is stored or sent.
import type { CatalogueModel } from '../catalogue.ts';
import type { CreateInput } from '../contract/finetunings.ts';
import { type DatasetMeasures, measureDataset } from '../dataset/build.ts';
import { systemPrompt } from '../dataset/example.ts';
import { tokensText } from '../dataset/tokens-text.ts';
import type { Dependencies } from '../dependencies.ts';
import { invalid, invalidMany, notFound } from '../errors.ts';
import { recordBatches } from '../golden-records/batches.ts';
import { initialState } from '../lifecycle/state.ts';
import { newId } from '../object-id.ts';
import { actorOf, type Principal } from '../principal.ts';
import type { Dataset } from '../record.ts';
import { chooseModel } from './choose-model.ts';
import { chooseParameters } from './choose-parameters.ts';
import { chooseProvider } from './choose-provider.ts';
import { createdMessage } from './created-message.ts';
import { keyed, type Made, madeWith, meaningOf } from './same-request.ts';

const FEWEST_EXAMPLES = 10;
/** The largest training file the provider takes. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Stores a new finetuning in status `queued`; the worker takes it from there.
 * @param idempotencyKey the same key and input answer with the record made before.
 * @throws DomainError `not_found` (connection), `invalid` (provider, model, parameters, records), `idempotency_conflict`
 */
export async function createFinetuning(
  deps: Dependencies,
  principal: Principal,
  input: CreateInput,
  idempotencyKey: string | null = null,
): Promise<Made> {
  const { store, clock } = deps;
  const wish = meaningOf(input);
  const idempotency = idempotencyKey ? keyed(idempotencyKey, wish, deps.providers) : null;
  const earlier = idempotency && (await store.finetunings.findByKey(principal.organization_id, idempotency));
  if (earlier) return madeWith(earlier);

  const now = clock();
  const { provider, note: providerNote } = chooseProvider(deps.providers, wish.model_provider);
  const { model, note: modelNote } = chooseModel({ ...deps, provider }, wish.model_name, now);
  const model_parameters = chooseParameters(provider, wish.model_parameters);
  const connection = await store.dbConnections.find(principal.organization_id, wish.db_connection_id);
  if (!connection) throw notFound('Database connection', wish.db_connection_id);

  const scope = { organization_id: principal.organization_id, db_connection_id: connection.id };
  const golden_records = await chooseRecords(deps, scope, wish.golden_records);
  const prompt = systemPrompt(connection);
  const { perhaps_over_long, ...dataset } = await measure(deps, scope, golden_records, prompt, model);

  const result = await store.finetunings.insert(
    {
      id: newId(),
      ...scope,
      model_provider: provider.name,
      model_name: model.name,
      model_parameters,
      golden_records,
      system_prompt: prompt,
      dataset,
      provider_ledger: provider.ledger,
      created_at: now,
      updated_at: now,
      state: { ...initialState, alias: wish.alias, metadata: wish.metadata },
      version: 1,
      due_at: now,
      failures: 0,
      last_tried: null,
    },
    {
      type: 'created',
      message: createdMessage(dataset, {
        provider,
        providers: deps.providers,
        model,
        notes: [providerNote, modelNote],
        perhaps_over_long,
      }),
      by: actorOf(principal),
    },
    idempotency,
  );
  if (result.kind === 'no_connection') throw notFound('Database connection', connection.id);
  return madeWith(result);
}

type Scope = { organization_id: string; db_connection_id: string };

async function chooseRecords({ store }: Dependencies, scope: Scope, wanted: string[] | null): Promise<string[]> {
  const loc = ['body', 'golden_records'];
  if (wanted === null) {
    const ids = await store.goldenRecords.idsOf(scope.organization_id, scope.db_connection_id);
    return ids.length >= FEWEST_EXAMPLES ? ids : refuseTooFew(ids.length, 'The connection has');
  }
  const ids = [...new Set(wanted)];
  const found = new Set<string>();
  for await (const batch of recordBatches(store, scope, ids, 'visible')) for (const { id } of batch) found.add(id);
  const unknown = wanted.flatMap((id, index) => (found.has(id) ? [] : [{ id, index }]));
  if (unknown.length > 0) {
    throw invalidMany(
      unknown.map(({ id, index }) => ({
        loc: [...loc, index],
        msg: `golden record ${id} does not exist in this database connection`,
        type: 'value_error',
      })),
      loc,
    );
  }
  return ids.length >= FEWEST_EXAMPLES ? ids : refuseTooFew(ids.length, 'The request names');

  function refuseTooFew(count: number, who: string): never {
    throw invalid(
      loc,
      `${who} ${count} golden records; at least ${FEWEST_EXAMPLES} are required. Add more with POST /api/v1/golden-sqls.`,
      'too_short',
    );
  }
}

async function measure(
  { store }: Dependencies,
  scope: Scope,
  ids: string[],
  prompt: string,
  model: CatalogueModel,
): Promise<Dataset & Pick<DatasetMeasures, 'perhaps_over_long'>> {
  const batches = recordBatches(store, scope, ids, 'all');
  const { over_long, ...measured } = await measureDataset({ systemPrompt: prompt, batches, model });
  if (measured.bytes > MOST_BYTES) {
    const msg = `the training file would have ${measured.bytes} bytes; the provider takes ${MOST_BYTES}. Name fewer golden_records.`;
    throw invalid(['body', 'golden_records'], msg, 'too_long');
  }
  if (over_long.length === 0) return measured;
  // The provider would cut these from the end, and with it the SQL.
  const loc = ['body', 'golden_records'];
  throw invalidMany(
    over_long.map(({ id, tokens }) => ({
      loc,
      msg: `golden record ${id} makes an example of ${tokensText(tokens, measured.tokens_margin)}; ${model.name} takes ${model.max_example_tokens?.toLocaleString('en-US')}. Shorten the connection's schema_sql, leave the record out, or choose a model with a longer context.`,
      type: 'too_long',
    })),
    loc,
  );
}
