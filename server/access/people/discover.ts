// What an OpenID provider says of itself, asked by us and within a time: the library would wait for a silent one for ever.
import { z } from 'zod';
import { Unavailable } from '../../finetuning/unavailable.ts';

const LONGEST_MS = 5000;
/** So long it is taken for what it said; its keys are read anew by themselves. */
const FRESH_MS = 10 * 60_000;

const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  id_token_signing_alg_values_supported: z.array(z.string()).min(1),
});

export const addressOfMetadata = (issuer: string): string =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;

export type OpenId = { issuer: string; clientId: string; clientSecret: string };

/**
 * Asked at a sign-in, and again after a while; one that did not answer is asked again at the next.
 * @throws Unavailable where it cannot be used, in words for the person who wants to sign in
 */
export function createDiscovery({ issuer }: OpenId, monotonic: () => number): () => Promise<void> {
  let foundAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (monotonic() - foundAt < FRESH_MS) return;
    const problem = await problemOf(issuer);
    if (problem !== null) {
      throw new Unavailable(
        `The OpenID provider ${issuer} cannot be used, for ${problem} (who has a password can sign in with it)`,
      );
    }
    foundAt = monotonic();
  };
}

async function problemOf(issuer: string): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(LONGEST_MS);
    const answer = await fetch(addressOfMetadata(issuer), { redirect: 'error', signal });
    if (!answer.ok) return `it answers ${answer.status}`;
    const told = metadata.safeParse(await answer.json());
    if (!told.success) return 'what it says of itself is incomplete';
    return told.data.issuer === issuer ? null : `it calls itself ${told.data.issuer}`;
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? 'it does not answer' : 'it is not reached';
  }
}
