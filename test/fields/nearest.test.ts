// The name that was meant: a slip of the fingers, a habit of another service, or nothing like any.
import { expect, test } from 'vitest';
import { createInput, listQuery } from '../../server/finetuning/contract/finetunings.ts';
import { nearestName } from '../../server/finetuning/nearest.ts';
import { notKnown } from '../../server/http/fields/unknown.ts';

const parameters = ['n_epochs', 'batch_size', 'learning_rate_multiplier'];
const finetuning = ['db_connection_id', 'alias', 'base_llm', 'golden_records', 'metadata', 'idempotency_key'];

test.each([
  ['epochs', parameters, 'n_epochs'],
  ['nEpochs', parameters, 'n_epochs'],
  ['batchsize', parameters, 'batch_size'],
  ['learning_rate', parameters, 'learning_rate_multiplier'],
  ['golden_record_ids', finetuning, 'golden_records'],
  ['records', finetuning, 'golden_records'],
  ['golden-records', finetuning, 'golden_records'],
  ['dbConnectionId', finetuning, 'db_connection_id'],
  ['connection_id', finetuning, 'db_connection_id'],
  ['meta_data', finetuning, 'metadata'],
  ['Alias', finetuning, 'alias'],
  ['modelname', ['model_provider', 'model_name', 'model_parameters'], 'model_name'],
  ['stauts', ['limit', 'after', 'status', 'model'], 'status'],
  ['resaon', ['metadata', 'reason'], 'reason'],
])('%s among %j is %s', (given, known, meant) => {
  expect(nearestName(given, known)).toBe(meant);
});

test.each(['x', 'webhook', 'hyperparameters', '', '___', '😀', 'q'.repeat(100_000)])(
  'what is like no name gets no guess: %#',
  (given) => {
    expect(nearestName(given, finetuning)).toBeNull();
  },
);

test('a name that belongs further in is told by the way to it', () => {
  expect(notKnown('n_epochs', createInput)).toBe(
    'n_epochs is not known; did you mean base_llm.model_parameters.n_epochs?',
  );
  expect(notKnown('model', createInput)).toBe('model is not known; did you mean base_llm.model_name?');
});

test('where nothing is like it, the names that are known are listed; a name of any length is cut', () => {
  expect(notKnown('x', listQuery)).toBe('x is not known; known are limit, after, db_connection_id, status, model');
  expect(notKnown('q'.repeat(10_000), listQuery).length).toBeLessThan(200);
});
