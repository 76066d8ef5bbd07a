// The official client, so that nothing about it is left to the environment, no redirect is followed and no reply is endless.
import OpenAI from 'openai';
import { boundedReply } from './bounded-reply.ts';
import { bearer, type Credential } from './credential.ts';
import { type Account, OPENAI_URL } from './ledger.ts';

export type ClientOptions = Account & {
  /** As the configuration names it; left out: openai. */
  name?: string;
  apiKey: string;
};

export type Connection = Account & {
  name: string;
  credential: Credential;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
};

/** The library lets OPENAI_CUSTOM_HEADERS add to what it sends; these are all that it has to say. */
const SENT = /^(accept|content-(type|length)|user-agent|openai-(organization|project)|x-stainless-.+)$/;

/** The library wraps an error that is in another form than OpenAI's; what came is kept as it came, as the cause. */
class Client extends OpenAI {
  protected override makeStatusError(status: number, whole: object, message: string | undefined, headers: Headers) {
    return Object.assign(super.makeStatusError(status, whole, message, headers), { cause: whole });
  }
}

export const openAiClient = ({ name = 'openai', apiKey, ...account }: ClientOptions): OpenAI =>
  clientFor({ ...account, name, credential: bearer(apiKey) });

export function clientFor(connection: Connection): OpenAI {
  const { baseUrl = OPENAI_URL, organization, project } = connection;
  return new Client({
    // It insists on one; what is sent is the credential alone.
    apiKey: 'sent below',
    baseURL: baseUrl,
    // Null, since what is left out the library looks for in the environment, past config.ts.
    organization: organization ?? null,
    project: project ?? null,
    adminAPIKey: null,
    webhookSecret: null,
    // Said again, since the headers of OPENAI_CUSTOM_HEADERS come before these and after all others.
    defaultHeaders: { 'OpenAI-Organization': organization ?? null, 'OpenAI-Project': project ?? null },
    // One lost answer must not become two jobs: what is sent again is decided by reconcile alone.
    maxRetries: 0,
    logLevel: 'off',
    fetch: (input, init) => send(connection, input, init),
  });
}

/**
 * A redirect is an answer, not an order: followed, it would make a GET of a create and carry the key to where it leads.
 * @throws Error that says where it leads, or why there is nothing to authenticate with.
 */
async function send(
  { name, credential, headers: extra = {} }: Connection,
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers([...new Headers(init.headers)].filter(([header]) => SENT.test(header)));
  for (const [header, value] of Object.entries(extra)) headers.set(header, value);
  const signal = init.signal ?? undefined;
  headers.set(credential.header, await endingWith(signal, credential.value(signal)));
  const response = await fetch(input, { ...init, headers, redirect: 'manual' });
  if (response.status < 300 || response.status >= 400) return boundedReply(response, name);
  await response.body?.cancel();
  const asked = input instanceof Request ? input.url : String(input);
  throw new Error(
    `set the address of provider ${name} to where it really is: it redirects ${init.method ?? 'GET'} ${place(asked)} (HTTP ${response.status}), which is not followed, to ${place(response.headers.get('location') ?? '', asked)}`,
  );
}

/** What asks for a token may never answer, and need not heed the signal. */
async function endingWith<T>(signal: AbortSignal | undefined, work: T | Promise<T>): Promise<T> {
  if (!signal) return work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Without a user, a query or a fragment, which may hold secrets. */
function place(address: string, from?: string): string {
  if (address === '' || !URL.canParse(address, from)) return 'an address that cannot be read';
  const { origin, pathname } = new URL(address, from);
  return `${origin}${pathname}`.slice(0, 200);
}
