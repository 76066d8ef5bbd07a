// Each operation tells all there is to know of it: words, examples that are true to their schemas, every way to fail.
import { describe, expect, test } from 'vitest';
import { newGoldenRecord } from '../../server/finetuning/contract/golden-records.ts';
import { errorCodes } from '../../server/finetuning/errors.ts';
import { readFile } from '../../server/finetuning/golden-records/file/read-file.ts';
import { cancelled, cancelRequested, documentedCancelled } from '../../server/http/rest/examples/cancel.ts';
import { csv, jsonl } from '../../server/http/rest/examples/golden-records.ts';
import { openApiDocument } from '../../server/http/rest/openapi.ts';
import { routes } from '../../server/http/rest/routes.ts';

describe.each(routes.map((route) => [route.documented.operationId, route] as const))('%s', (_name, route) => {
  const { schemas, documented } = route;

  test('has an example of its body, which its schema takes', () => {
    const examples = Object.values(documented.examples ?? {});
    expect(examples.length > 0).toBe(schemas.body !== undefined);
    for (const { value } of examples) expect(schemas.body?.safeParse(value)).toMatchObject({ success: true });
  });

  test('has an example of each answer, which its schema gives back whole', () => {
    for (const { schema, examples = {} } of Object.values(documented.answers)) {
      expect(Object.keys(examples).length > 0).toBe(schema !== undefined);
      for (const { value } of Object.values(examples)) expect(schema?.parse(value)).toEqual(value);
    }
  });

  test('explains each way to fail in the words of the one table', () => {
    const { paths, components } = openApiDocument('1.0.0');
    const responses = paths?.[route.path]?.[route.method]?.responses ?? {};
    const failures = Object.entries(responses).filter(([status]) => Number(status) >= 400);
    const table = Object.values(errorCodes);
    expect(failures.map(([status]) => status)).toEqual(expect.arrayContaining(['401', '403', '500', '503']));
    for (const [status, response] of failures) {
      const found = '$ref' in response ? components?.responses?.[response.$ref.split('/').at(-1) ?? ''] : response;
      const lines = String(Object(found).description).split('\n');
      const known = table.filter(({ http }) => String(http) === status).map(({ meaning }) => meaning);
      expect(known).toEqual(expect.arrayContaining(lines.map((line) => line.replace(/^- /, ''))));
    }
  });
});

test('a generated client gets a name of its own for each operation', () => {
  const names = routes.map(({ documented }) => documented.operationId);
  expect(new Set(names).size).toBe(names.length);
  expect(
    names.filter(
      (name) => !/^(create|list|get|update|cancel|delete|add|rotate|revoke|ping|redeliver)[A-Z]\w+$/.test(name),
    ),
  ).toEqual([]);
});

test('the example of the cancel endpoint is the published one, in the shape of today', () => {
  expect(documentedCancelled.value).toMatchObject({
    alias: 'my_model',
    status: 'cancelled',
    error: 'Fine tuning cancelled by the user',
    base_llm: {
      model_provider: 'openai',
      model_name: 'gpt-3.5-turbo-1106',
      model_parameters: { n_epochs: '1' },
    },
    finetuning_file_id: null,
    finetuning_job_id: null,
    model_id: null,
    created_at: '2023-12-13T17:35:53.263485Z',
    metadata: null,
    cancellation: { state: 'confirmed', evidence: 'never_submitted' },
  });
  const { golden_records } = documentedCancelled.value;
  expect([golden_records?.length, golden_records?.[0], golden_records?.at(-1)]).toEqual([
    17,
    '656777c9eb4e22533dc43fce',
    '656777ceeb4e22533dc43fde',
  ]);
});

test('no example claims more than it proves (I10)', () => {
  expect(cancelled.value.cancellation).toMatchObject({ state: 'confirmed', evidence: 'provider_cancelled' });
  expect(cancelRequested.value).toMatchObject({
    status: 'running',
    cancellation: { state: 'requested', confirmed_at: null, evidence: null },
  });
});

test.each([
  ['csv', csv.value],
  ['jsonl', jsonl.value],
] as const)('the example of a %s upload is read as two records', async (format, text) => {
  const { records, report } = await readFile(new Blob([text]).stream());
  expect(report.kind).toBe(format);
  for (const { record } of records) newGoldenRecord.parse({ ...record, db_connection_id: '65676b2feb4e22533dc43fb1' });
  expect(records).toHaveLength(2);
});
