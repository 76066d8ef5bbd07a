// The official client, so that nothing about it is left to the environment, no redirect is followed and no reply is endless.
import OpenAI from 'openai';
import { boundedReply } from './bounded-reply.ts';
import { type Account, OPENAI_URL } from './ledger.ts';

export type ClientOptions = Account & { apiKey: string };

/** The library lets OPENAI_CUSTOM_HEADERS add to what it sends; these are all that it has to say. */
const SENT = /^(accept|authorization|content-(type|length)|user-agent|openai-(organization|project)|x-stainless-.+)$/;

export function openAiClient({ apiKey, baseUrl = OPENAI_URL, organization, project }: ClientOptions): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL: baseUrl,
    // Null, since what is left out the library looks for in the environment, past config.ts.
    organization: organization ?? null,
    project: project ?? null,
    adminAPIKey: null,
    webhookSecret: null,
    // Said again, since the headers of OPENAI_CUSTOM_HEADERS come before these and after all others.
    defaultHeaders: {
      Authorization: `Bearer ${apiKey}`,
      'OpenAI-Organization': organization ?? null,
      'OpenAI-Project': project ?? null,
    },
    // One lost answer must not become two jobs: what is sent again is decided by reconcile alone.
    maxRetries: 0,
    logLevel: 'off',
    fetch: send,
  });
}

/**
 * A redirect is an answer, not an order: followed, it would make a GET of a create and carry the key to where it leads.
 * @throws Error that says where it leads.
 */
async function send(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers([...new Headers(init.headers)].filter(([name]) => SENT.test(name)));
  const response = await fetch(input, { ...init, headers, redirect: 'manual' });
  if (response.status < 300 || response.status >= 400) return boundedReply(response);
  await response.body?.cancel();
  const asked = input instanceof Request ? input.url : String(input);
  throw new Error(
    `set OPENAI_BASE_URL to where the provider really is: it redirects ${init.method ?? 'GET'} ${place(asked)} (HTTP ${response.status}), which is not followed, to ${place(response.headers.get('location') ?? '', asked)}`,
  );
}

/** Without a user, a query or a fragment, which may hold secrets. */
function place(address: string, from?: string): string {
  if (address === '' || !URL.canParse(address, from)) return 'an address that cannot be read';
  const { origin, pathname } = new URL(address, from);
  return `${origin}${pathname}`.slice(0, 200);
}
