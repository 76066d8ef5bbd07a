// Requests to each route and each procedure, made from their schemas: as they are meant, and as nobody means them.
import fc from 'fast-check';
import type { z } from 'zod';
import type { Route } from '../../../server/http/rest/route.ts';
import { routes } from '../../../server/http/rest/routes.ts';
import { definition, procedures } from '../budget/parts.ts';
import { hostile, oddTexts, perhapsSpoilt } from './hostile.ts';
import { likely } from './likely.ts';
import { long, named, type Thing, UNKNOWN } from './marks.ts';
import { uploads } from './uploads.ts';

export type Sent = {
  method: string;
  /** As it stands in the first line. */
  path: string;
  headers: Record<string, string>;
  body: { text: string; encoding: Encoding } | null;
};
type Encoding = 'utf8' | 'latin1' | 'utf16le';

export type Door = {
  /** `POST /api/v1/finetunings`, or `finetunings.create`. */
  name: string;
  /** Its usual requests name one. */
  about: Thing;
  isTrpc: boolean;
  /** What its body, or its input, is held to. */
  schema: z.ZodType | undefined;
  requests: fc.Arbitrary<Sent>;
};

const JSON_TYPE = { 'content-type': 'application/json' };

/** What a door is about, by the part of its path that says it. A stream of a run that goes on would not end. */
function aboutOf(group: string, name: string): Thing {
  if (/delet/i.test(name) && /onnection/.test(group)) return 'spare';
  switch (group) {
    case 'finetunings':
      return /events|watch/.test(name) ? 'ended' : 'run';
    case 'golden-sqls':
    case 'goldenRecords':
      return 'record';
    case 'database-connections':
    case 'dbConnections':
      return 'connection';
    case 'keys':
      return 'key';
    case 'bulk-cancels':
    case 'bulkCancels':
      return 'bulk';
    case 'audit':
      return 'run';
    default:
      return 'endpoint';
  }
}

const oddPaths = fc.oneof(
  fc.constantFrom(
    ...['%00', '%2f', '%2e%2e', '..%2f', '%', '%ff', '%c0%80', '%ed%a0%80', '%F0%9F%92%A9', '__proto__', 'constructor'],
    ...[
      '',
      '%20',
      `${UNKNOWN}%00`,
      `${UNKNOWN}%2F`,
      UNKNOWN.toUpperCase(),
      UNKNOWN,
      'null',
      ';a=b',
      '%25',
      '*',
      '{id}',
    ],
    ...[named('ended'), named('connection'), long(501), long(5000)],
  ),
  oddTexts.map(encoded),
);

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%40', '@');
}

/** Without what Node's client does not send. */
const asHeader = (text: string) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?');

/** Beyond some kilobytes of a first line Node refuses the request itself. */
const LONGEST_QUERY = 10_000;

/** Of a part that holds texts alone. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

const oddQueries = fc.oneof(
  fc.tuple(oddTexts, oddTexts).map(([name, value]) => `${encoded(name)}=${encoded(value)}`),
  fc.constantFrom(
    ...[
      'limit=1&limit=x',
      'limit[]=1',
      'limit[a]=1',
      'after=',
      'limit=1e400',
      'limit=%00',
      'limit',
      '=',
      '&&&',
      '%',
      '?',
    ],
    ...[
      '__proto__=1',
      '__proto__[a]=1',
      'constructor.prototype=1',
      'limit=99999999999999999999',
      'limit=-0',
      'limit=0x10',
    ],
    ...[`after=${long(5000)}`, 'page=1&page=2', 'status=running&status=failed', 'batch=1', 'input=', 'a=%ff%fe'],
  ),
);

/** Latin-1, as bytes of a header are read. */
const oddHeaderTexts = fc.oneof(
  fc.constantFrom('', ' ', '\t', 'é', '\u00ff', '\u0080', '"', ',', ';', '=', 'a,b', long(256), long(1001)),
  fc
    .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 20 })
    .map(asHeader),
);
const oddTypes = fc.oneof(
  oddHeaderTexts,
  fc.constantFrom(
    ...[
      'application/json; charset=utf-16',
      'text/plain',
      'text/csv',
      'multipart/form-data',
      'multipart/form-data; boundary=x',
    ],
    ...[
      'application/x-www-form-urlencoded',
      'application/jsonl',
      'application/json;charset=nonsense',
      'APPLICATION/JSON',
    ],
    ...['text/tab-separated-values', 'application/octet-stream', 'multipart/form-data; boundary='],
  ),
);
/** Left out where it is not listed; `prefer` never asks to wait long. */
const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.dictionary(
  fc.constantFrom(
    ...['accept', 'idempotency-key', 'last-event-id', 'if-none-match', 'range', 'cookie', 'x-http-method-override'],
    ...['trpc-accept', 'x-trpc-source', 'accept-language', 'x-forwarded-for', 'forwarded', 'traceparent', 'origin'],
  ),
  oddHeaderTexts,
  { maxKeys: 2 },
);
const accepts = fc.constantFrom('*/*', 'application/json', 'text/event-stream', 'text/plain', 'application/jsonl', '');

const notJson = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '\u0000',
      'null',
      '0',
      '"x"',
      '[]',
      '{}',
      '[[]]',
      '{"a":',
      '{"a":1}}',
      "{'a':1}",
      'NaN',
      '\ufeff{}',
      '<a/>',
    ],
    ...['{"a":1,"a":2}', '{"a":\u00001}', '"\\ud800"', '{"__proto__":{"a":1}}', 'a=b&c=d', '[1,]', '//', '{"id":01}'],
    ...[
      'prompt_text,sql\nHow many?,SELECT 1\n',
      '{"prompt_text":"x","sql":"y"}\n{',
      '--x\r\n\r\n--x--',
      '--x\r\nContent-',
    ],
    ...[
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nprompt_text,sql\na,b\n\r\n--x--\r\n',
    ],
  ),
  oddTexts,
);

type Body = NonNullable<Sent['body']>;
const utf8 = (text: string): Body => ({ text, encoding: 'utf8' });

/** A number that happens to be a wait would hold everything up. */
const unhurried = (json: string) => json.replaceAll(/("wait_ms":)[1-9]\d{0,5}(?![\d.])/g, '$10');

/** A value as JSON, or cut off, or in another encoding, or no JSON at all. */
const bodyOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Body> => {
  const json = value.map((given) => unhurried(JSON.stringify(given) ?? ''));
  return fc.oneof(
    { weight: 12, arbitrary: json.map(utf8) },
    { weight: 1, arbitrary: fc.tuple(json, fc.nat({ max: 200 })).map(([text, end]) => utf8(text.slice(0, end))) },
    { weight: 1, arbitrary: json.map((text) => utf8(`\ufeff${text}`)) },
    {
      weight: 1,
      arbitrary: fc.record({ text: fc.oneof(json, notJson), encoding: fc.constantFrom<Encoding>('latin1', 'utf16le') }),
    },
    { weight: 2, arbitrary: notJson.map(utf8) },
  );
};

/** Most of the first kind, so that what comes behind it is met too. */
const seldom = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: odd });

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'];

const headersOf = (usual: Record<string, string>) =>
  fc
    .tuple(seldom(fc.constant({}), oddHeaders), fc.option(accepts, { freq: 3 }), seldom(fc.constant(null), oddTypes))
    .map(([odd, accept, type]) => ({
      ...usual,
      ...odd,
      ...(accept === null ? {} : { accept }),
      ...(type === null ? {} : { 'content-type': type }),
    }));

function overRest({ method, path, schemas, documented }: Route): Door {
  const name = `${method.toUpperCase()} ${path}`;
  const about = aboutOf(path.split('/')[3] ?? '', method === 'delete' ? 'delete' : path);
  const itself = named(about);
  const ids: Record<string, string> = { id: itself, finetuning_id: itself, delivery_id: named('delivery') };
  const steps = path.split('/').map((step) => {
    const param = /^\{(\w+)\}$/.exec(step)?.[1];
    return param === undefined ? fc.constant(step) : seldom(fc.constant(ids[param] ?? UNKNOWN), oddPaths);
  });
  const query = schemas.query ?? documented.upload?.query;
  const body = schemas.body ? perhapsSpoilt(likely(schemas.body, itself)) : null;
  const asked = query ? perhapsSpoilt(likely(query, itself)) : fc.constant({});
  // It makes a file of the body.
  const given = documented.upload ? seldom(fc.constant({}), asked) : asked;
  const heading = schemas.headers ? likely(schemas.headers, itself) : fc.constant({});
  const requests = fc
    .record({
      method: seldom(fc.constant(method.toUpperCase()), fc.constantFrom(...METHODS)),
      steps: fc.tuple(...steps),
      query: given,
      odd: seldom(fc.constant(null), oddQueries),
      headers: headersOf(body ? JSON_TYPE : {}),
      heading,
      body: body ? bodyOf(body) : seldom(fc.constant(null), notJson.map(utf8)),
    })
    .map(({ steps, query, odd, heading, headers, ...sent }) => {
      // The connection of a file: without one a list of records is JSON.
      const pairs = Object.entries(Object(query)).map(([key, value]) => `${encoded(key)}=${encoded(asText(value))}`);
      const asked = [...pairs, ...(odd === null ? [] : [odd])].join('&').slice(0, LONGEST_QUERY);
      const told = Object.entries(Object(heading)).map(([key, value]) => [key, asHeader(asText(value))]);
      return {
        ...sent,
        path: `${steps.join('/')}${asked === '' ? '' : `?${asked}`}`,
        headers: { ...Object.fromEntries(told), ...headers },
      };
    });
  const asFile = uploads.map(
    ({ query, type, text }): Sent => ({
      ...{ method: 'POST', path: `${path}?${query}`, headers: { 'content-type': type }, body: utf8(text) },
    }),
  );
  return {
    ...{ name, about, isTrpc: false, schema: schemas.body },
    requests: documented.upload ? fc.oneof(requests, asFile) : requests,
  };
}

function overTrpc(name: string, def: unknown): Door {
  const {
    type,
    inputs: [{ schema }],
  } = definition.parse(def);
  const about = aboutOf(name.split('.')[0] ?? '', name);
  const itself = named(about);
  const input = bodyOf(perhapsSpoilt(likely(schema, itself)));
  const isMutation = type === 'mutation';
  const requests = fc
    .record({
      method: seldom(fc.constant(isMutation ? 'POST' : 'GET'), fc.constantFrom(...METHODS)),
      called: seldom(
        fc.constant({ path: name, batch: '' }),
        fc.oneof(
          fc.constant({ path: `${name},${name}`, batch: 'batch=1' }),
          fc
            .constantFrom(
              ...[
                `${name},`,
                `,${name}`,
                `${name},none`,
                `${name}.${name}`,
                '__proto__',
                'constructor.name',
                'toString',
                '',
              ],
              ...[`${name}%2C${name}`, `${name}%00`, 'finetunings', 'finetunings.__proto__', `${name}/`, `%66${name}`],
            )
            .chain((path) => fc.constantFrom('', 'batch=1').map((batch) => ({ path, batch }))),
        ),
      ),
      input,
      odd: seldom(
        fc.constant(null),
        fc.oneof(oddQueries, fc.constantFrom('connectionParams=1', 'connectionParams=%7B%7D', 'connectionParams=%')),
      ),
      headers: headersOf(isMutation ? JSON_TYPE : {}),
      isWrapped: fc.boolean(),
    })
    .map(({ method, called, input, odd, headers, isWrapped }): Sent => {
      const isBatch = called.batch !== '';
      const given = isBatch && isWrapped ? { ...input, text: `{"0":${input.text},"1":${input.text}}` } : input;
      const query = [called.batch, isMutation ? '' : `input=${inQuery(given.text)}`, odd ?? '']
        .filter((part) => part !== '')
        .join('&');
      return {
        method,
        path: `/trpc/${called.path}${query === '' ? '' : `?${query}`}`,
        headers,
        body: isMutation ? given : null,
      };
    });
  return { name, about, isTrpc: true, schema, requests };
}

const inQuery = (text: string) =>
  encoded(text.replaceAll(/@(long|list|object):\d{4,}@/g, '@$1:900@')).slice(0, LONGEST_QUERY);
export const doors: readonly Door[] = [
  ...routes.map(overRest),
  ...Object.entries(procedures).map(([name, { _def }]) => overTrpc(name, _def)),
];

/** What stands outside the table of routes, and asks for no key. */
export const openDoors: readonly { name: string; requests: fc.Arbitrary<Sent> }[] = [
  ...['/webhooks/openai', '/healthz', '/readyz', '/docs', '/openapi.json', '/'],
].map((path) => ({
  name: path,
  requests: fc
    .record({
      method: seldom(fc.constant(path.startsWith('/webhooks') ? 'POST' : 'GET'), fc.constantFrom(...METHODS)),
      after: seldom(
        fc.constant(''),
        fc.oneof(
          oddPaths,
          oddQueries.map((query) => `?${query}`),
        ),
      ),
      slash: fc.constantFrom('', '/'),
      odd: oddHeaders,
      headers: headersOf(JSON_TYPE),
      signed: fc.option(
        fc.dictionary(fc.constantFrom('webhook-id', 'webhook-timestamp', 'webhook-signature'), oddHeaderTexts),
      ),
      body: fc.option(
        bodyOf(fc.oneof(hostile, fc.constant({ type: 'fine_tuning.job.succeeded', data: { id: 'ftjob-1' } }))),
      ),
    })
    .map(({ method, after, slash, odd, headers, signed, body }) => ({
      method,
      path: `${path}${after === '' || after.startsWith('?') ? '' : slash}${after}`,
      headers: { ...headers, ...odd, ...signed },
      body: method === 'POST' || method === 'PUT' ? body : null,
    })),
}));
