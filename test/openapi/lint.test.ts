// The document passes every rule of a strict linter, but those that are switched off here with a reason.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../server/http/rest/openapi.ts';

/** Beyond `recommended-strict`, whose rules all hold: what else the linter has. */
const exceptions = {
  // Errors are worded as the original service worded them: {"detail": …}.
  'operation-4xx-problem-details-rfc7807': 'off',
  // The first tag is what people come for.
  'tags-alphabetical': 'off',
  // The project has no address to write to.
  'info-contact': 'off',
  // What a lower bound is for, the schemas say where there is one; an answer's text may be empty.
  'required-string-property-missing-min-length': 'off',
  'path-segment-plural': {
    severity: 'error',
    exceptions: ['api', 'v1', 'cancel', 'rotate', 'heartbeat', 'rotate-secret', 'ping', 'redeliver', 'audit', 'me'],
  },
  'response-mime-type': {
    severity: 'error',
    allowedValues: ['application/json', 'application/x-ndjson', 'text/plain', 'text/event-stream'],
  },
  'request-mime-type': {
    severity: 'error',
    allowedValues: ['application/json', 'text/csv', 'application/jsonl', 'application/x-ndjson', 'multipart/form-data'],
  },
} as const;

async function problemsOf(source: string, rules: typeof exceptions | Record<string, never>, ruleset: string) {
  const config = await createConfig({ extends: [ruleset], rules });
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
}

const document = () => JSON.stringify(openApiDocument('1.0.0'));

test('it passes the strict ruleset as it is', async () => {
  expect(await problemsOf(document(), {}, 'recommended-strict')).toEqual([]);
});

test('it passes every other rule there is, but those excepted above', async () => {
  expect(await problemsOf(document(), exceptions, 'all')).toEqual([]);
});

test('the linter looks into examples', async () => {
  const wrong = document().replaceAll('"status":"cancelled"', '"status":"stopped"');
  const problems = await problemsOf(wrong, {}, 'recommended-strict');
  expect(problems.filter((problem) => problem.startsWith('no-invalid-media-type-examples'))).not.toEqual([]);
});
