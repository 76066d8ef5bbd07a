// Asks the provider whose account it is that we use, and compares it with the one that is configured.
import { type ClientOptions, openAiClient } from './client.ts';

/** A start is not held up for longer by a provider that does not say. */
const LONGEST_MS = 5000;

/**
 * Null where the provider confirms it, does not say, or cannot be asked; otherwise what is wrong, in one line.
 * Only where an organization or project is configured is there something to compare.
 */
export async function contradiction(options: ClientOptions): Promise<string | null> {
  const { organization, project } = options;
  if (!organization && !project) return null;
  const signal = AbortSignal.timeout(LONGEST_MS);
  const response = await openAiClient(options)
    .models.list({ signal, timeout: LONGEST_MS })
    .asResponse()
    .catch(() => null);
  if (!response) return null;
  await response.body?.cancel();
  return (
    differs('OPENAI_ORG_ID', organization, response.headers.get('openai-organization')) ??
    differs('OPENAI_PROJECT_ID', project, response.headers.get('openai-project'))
  );
}

/** OpenAI answers with an organization's short name, which tells nothing of its id: only ids of one form are compared. */
function differs(name: string, configured: string | undefined, told: string | null): string | null {
  if (!configured || !told || configured === told || formOf(configured) !== formOf(told)) return null;
  return `${name} is ${configured}, but the provider says that OPENAI_API_KEY works in ${told}; set the one that is meant`;
}

/** `org` of `org-1`, `proj` of `proj_1`; of anything else a form of its own. */
const formOf = (id: string) => /^(org|proj)[-_]/.exec(id)?.[1] ?? id;
