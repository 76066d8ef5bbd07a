// `npm run generate`: writes what is derived from the server and checked in — the client's types and its reader of files,
// the OpenAPI document, the table of errors. A test fails while one of them is stale.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { z } from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { errorCodes, isErrorCode } from '../server/finetuning/errors.ts';
import { openApiDocument } from '../server/http/rest/openapi.ts';
import { appRouter } from '../server/http/trpc/router.ts';

const GENERATED = '// Generated from the server by `npm run generate`; not edited by hand.';

type Kind = 'query' | 'mutation' | 'subscription';
type Documented = { path: string; kind: Kind; description: string; input: z.ZodType; output: z.ZodType };

/** What tRPC keeps of a procedure, beyond its public types. */
const definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  inputs: z.tuple([z.object({ schema: z.instanceof(z.ZodType) })]),
  output: z.instanceof(z.ZodType).optional(),
  meta: z.object({ description: z.string(), yields: z.instanceof(z.ZodType).optional() }),
});

const procedure = z.custom<{ _def: unknown }>((value) => typeof value === 'function' && '_def' in value);
const found = z.record(z.string(), procedure).parse(appRouter._def.procedures);

const procedures: Documented[] = Object.entries(found).map(([path, procedure]) => {
  const { type, inputs, output, meta } = definition.parse(procedure._def);
  const answer = output ?? meta.yields;
  if (!answer) throw new Error(`${path} does not say what it answers`);
  return { path, kind: type, description: meta.description, input: inputs[0].schema, output: answer };
});

/** What is checked in, by path from the root of the project. */
export async function generate(): Promise<Record<string, string>> {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile('package.json', 'utf8')));
  return {
    'client/src/generated/schemas.ts': await schemas(),
    'client/src/generated/router.ts': router(),
    ...(await fileReader()),
    'client/src/generated/procedures.ts': callable(),
    'docs/openapi.json': `${JSON.stringify(openApiDocument(version), null, 2)}\n`,
    'docs/errors.md': errors(),
  };
}

const READER = 'server/finetuning/golden-records/file';
/** All that the reader imports from outside its folder; the copy of it lies one folder up, not two. */
const CUT = 'cut.ts';

/** The reader of files as it is, so that the terminal understands a file as the server does. */
async function fileReader(): Promise<Record<string, string>> {
  const names = (await readdir(READER)).toSorted();
  const copies = names.map(async (name): Promise<[string, string]> => {
    const source = (await readFile(join(READER, name), 'utf8')).replaceAll(`'../../${CUT}'`, `'../${CUT}'`);
    return [`client/src/generated/file/${name}`, `${GENERATED}\n${source}`];
  });
  const cut = await readFile(join('server/finetuning', CUT), 'utf8');
  return { ...Object.fromEntries(await Promise.all(copies)), [`client/src/generated/${CUT}`]: `${GENERATED}\n${cut}` };
}

/** The schema's own name, or one made of the procedure's. */
function nameOf(schema: z.ZodType, path: string, suffix: 'Input' | 'Output'): string {
  const own = z.globalRegistry.get(schema)?.id;
  const made = path.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return own ?? `${made}${suffix}`;
}

/** The fields of inputs and outputs, with their descriptions as doc comments. */
async function schemas(): Promise<string> {
  const paths: ZodOpenApiPathsObject = {};
  for (const { path, input, output } of procedures) {
    const content = (schema: z.ZodType, suffix: 'Input' | 'Output') => {
      const id = nameOf(schema, path, suffix);
      return {
        'application/json': { schema: z.globalRegistry.get(schema)?.id ? schema : schema.clone().meta({ id }) },
      };
    };
    paths[`/${path}`] = {
      post: {
        requestBody: { content: content(input, 'Input') },
        responses: { 200: { description: 'Done.', content: content(output, 'Output') } },
      },
    };
  }
  const { components } = createDocument({ openapi: '3.1.0', info: { title: 'goldtune', version: '0' }, paths });
  const document = {
    openapi: '3.1.0',
    info: { title: 'goldtune', version: '0' },
    components: { schemas: components?.schemas ?? {} },
  };
  const ast = await openapiTS(JSON.stringify(document), { defaultNonNullable: false });
  // Editors show what stands before the first tag.
  const text = astToString(ast).replaceAll('@description ', '');
  const start = text.indexOf('export interface components');
  const end = text.indexOf('export type $defs');
  return `${GENERATED}\n${text.slice(start, end === -1 ? undefined : end).trim()}\n`;
}

/** The router as a client sees it: names, inputs and outputs, and nothing of the server behind them. */
function router(): string {
  const groups = Map.groupBy(procedures, ({ path }) => path.split('.')[0] ?? '');
  const type = {
    query: 'TRPCQueryProcedure',
    mutation: 'TRPCMutationProcedure',
    subscription: 'TRPCSubscriptionProcedure',
  };
  const lines = [...groups].flatMap(([group, members]) => [
    `    ${group}: {`,
    ...members.flatMap(({ path, kind, description, input, output: answered }) => {
      const output = `Schemas['${nameOf(answered, path, 'Output')}']`;
      // One that may be left out.
      const optional = input.safeParse(undefined).success ? ' | undefined' : '';
      const answer = kind === 'subscription' ? `AsyncIterable<{ id: string; data: ${output} }, void, unknown>` : output;
      return [
        `      /** ${description} */`,
        `      ${path.split('.')[1]}: ${type[kind]}<{`,
        `        meta: unknown;`,
        `        input: Schemas['${nameOf(input, path, 'Input')}']${optional};`,
        `        output: ${answer};`,
        `      }>;`,
      ];
    }),
    '    };',
  ]);
  const codes = Object.keys(errorCodes).filter(isErrorCode);
  return `${GENERATED}
import type {
  inferRouterInputs,
  inferRouterOutputs,
  TRPCBuiltRouter,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server';
import type { components } from './schemas.ts';

type Schemas = components['schemas'];

/** Why a request was refused; docs/errors.md has the whole table. */
export type ErrorCode =
${codes.map((code) => `  /** ${errorCodes[code].meaning} */\n  | '${code}'`).join('\n')};

/** The codes upon which the same request, sent again unchanged, may succeed. */
export const retryableCodes: readonly ErrorCode[] = [${codes
    .filter((code) => errorCodes[code].retryable)
    .map((code) => `'${code}'`)
    .join(', ')}];

type TooLate = 'already_succeeded' | 'already_failed';

export type ErrorData = TRPCDefaultErrorShape['data'] & {
  /** With \`invalid\`: which fields, and why. \`loc\` begins with the part of the request, as over REST: \`body\` of a mutation, \`query\` of a query. */
  fields: { loc: (string | number)[]; msg: string; type: string }[];
} & (
    | {
        /** goldtune's own code, finer than tRPC's \`code\`. */
        reason: TooLate;
        /** The finetuning as it is, its receipt included. */
        finetuning: Finetuning;
      }
    | { reason: Exclude<ErrorCode, TooLate>; finetuning: null }
  );

type Root = {
  ctx: object;
  meta: object;
  errorShape: TRPCDefaultErrorShape & { data: ErrorData };
  transformer: false;
};

export type AppRouter = TRPCBuiltRouter<
  Root,
  {
${lines.join('\n')}
  }
>;

export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** A run: what it is trained on, how far it has got, and what is known about its cancel. */
export type Finetuning = Schemas['Finetuning'];
/** The receipt of a cancel. */
export type Cancellation = Schemas['Cancellation'];
export type FinetuningEvent = Schemas['FinetuningEvent'];
/** Who asked for something, with what, and from where. */
export type Actor = Schemas['Actor'];
/** What somebody did, and when. */
export type AuditEntry = Schemas['AuditEntry'];
export type GoldenRecord = Schemas['GoldenRecord'];
export type DbConnection = Schemas['DbConnection'];
/** Many runs stopped by one wish, and how far that is. */
export type BulkCancel = Schemas['BulkCancel'];
export type BulkCancelPreview = Schemas['BulkCancelPreview'];
export type BulkCancelRun = Schemas['BulkCancelRun'];
/** A key of the organization, without what opens. */
export type ApiKey = Schemas['ApiKey'];
/** Where changes of runs are told. */
export type WebhookEndpoint = Schemas['WebhookEndpoint'];
/** What was told to one of them, and what came of it. */
export type Delivery = Schemas['Delivery'];
/** Somebody who is in the organization. */
export type Member = Schemas['Member'];
/** An invitation that is open, without the link. */
export type Invitation = Schemas['Invitation'];
/** Who trains, as it is configured. */
export type Provider = Schemas['Provider'];
`;
}

/** The same procedures as they are called, each group by a name. */
function callable(): string {
  const groups = Map.groupBy(procedures, ({ path }) => path.split('.')[0] ?? '');
  const type = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
  const named = (group: string) => `${group.replace(/^\w/, (letter) => letter.toUpperCase())}Procedures`;
  const interfaces = [...groups].map(([group, members]) => {
    const lines = members.flatMap(({ path, kind, description, input, output }) => {
      const optional = input.safeParse(undefined).success ? ' | undefined' : '';
      const [given, answered] = [nameOf(input, path, 'Input'), nameOf(output, path, 'Output')];
      return [
        `  /** ${description} */`,
        `  ${path.split('.')[1]}: ${type[kind]}<Schemas['${given}']${optional}, Schemas['${answered}']>;`,
      ];
    });
    return `export interface ${named(group)} {\n${lines.join('\n')}\n}\n`;
  });
  return `${GENERATED}
import type { Mutation, Query, Subscription } from '../calls.ts';
import type { components } from './schemas.ts';

type Schemas = components['schemas'];

${interfaces.join('\n')}
export interface Procedures {
${[...groups.keys()].map((group) => `  ${group}: ${named(group)};`).join('\n')}
}
`;
}

function errors(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { http, trpc, retryable, meaning }]) =>
      `| \`${code}\` | ${http} | \`${trpc}\` | ${retryable ? 'yes' : 'no'} | ${meaning} |`,
  );
  return `<!-- Generated from server/finetuning/errors.ts by \`npm run generate\`; not edited by hand. -->
# Errors

Every way a request can fail. Over REST the answer is \`{"detail": "…"}\` with the HTTP status, for \`invalid\` a list of
fields (\`loc\`, \`msg\`, \`type\`, in FastAPI's words); over tRPC the error's \`data.reason\` is the code, \`data.fields\` the
same list, and the HTTP status the same but for \`already_…\`, where it is tRPC's 409. \`loc\` begins with the part of the
request: \`body\` (of a mutation), \`query\` (of a query), \`header\`. Retryable: the same request, sent again unchanged, may
succeed. A cancel may always be sent again, whatever came back: it is idempotent.

| code | HTTP | tRPC | retryable | meaning |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generate())) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    console.log(`wrote ${path}`);
  }
}
