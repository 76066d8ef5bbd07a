// Tokens of Microsoft Entra, by Microsoft's own library, which is loaded by the first request that needs one.
import type { Credential } from './credential.ts';

/** What a token for Azure OpenAI is good for. */
const SCOPE = 'https://cognitiveservices.azure.com/.default';

/** The present token, and the one that an answer under way may still repeat. */
const KEPT = 2;
/** The tools of a developer's machine are programs, and may hang. */
const LONGEST_PROCESS_MS = 10_000;

/** The library finds whose identity it is, keeps the token, and renews it before it ends. */
export type TokenSource = {
  getToken(scope: string, options?: { abortSignal?: AbortSignal }): Promise<{ token: string } | null>;
};

/** @param open how the library is loaded, which is done once, and again after a failure */
export function entraToken(open: () => Promise<TokenSource> = defaultIdentity): Credential {
  let source: Promise<TokenSource> | null = null;
  let handedOut: readonly string[] = [];
  return {
    handedOut: () => handedOut,
    called: 'Entra token',
    header: 'authorization',
    async value(signal) {
      try {
        source ??= open();
        const opened = await source.catch((error: unknown) => {
          source = null;
          throw error;
        });
        const found = await opened.getToken(SCOPE, signal ? { abortSignal: signal } : {});
        if (!found) throw new Error('the identity has none');
        if (!handedOut.includes(found.token)) handedOut = [found.token, ...handedOut].slice(0, KEPT);
        return `Bearer ${found.token}`;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(
          `no Entra token, so nothing was sent; this process needs an identity of Azure (managed, workload, or by AZURE_CLIENT_ID and its like): ${why}`,
          { cause: error },
        );
      }
    },
  };
}

async function defaultIdentity(): Promise<TokenSource> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential({ processTimeoutInMs: LONGEST_PROCESS_MS });
}
