// Whose account it is that a key opens: asked of the provider, compared with what is configured and with what was before.
import { APIError } from 'openai';
import { z } from 'zod';
import { type ClientOptions, openAiClient } from './client.ts';

/** A start is not held up for longer by a provider that does not say. */
const LONGEST_MS = 5000;

const name = z.string().trim().min(1).max(200).nullable().catch(null);

/** What the provider calls the account; null what it does not say. */
export type ToldAccount = { organization: string | null; project: string | null };

/** Null where the provider says nothing of it, or cannot be asked. */
export async function askAccount(options: ClientOptions): Promise<ToldAccount | null> {
  const signal = AbortSignal.timeout(LONGEST_MS);
  const headers = await openAiClient(options)
    .models.list({ signal, timeout: LONGEST_MS })
    .asResponse()
    .then(
      async (response) => {
        await response.body?.cancel();
        return response.headers;
      },
      // A refusal tells it too: a gateway may know no such list.
      (error: unknown) => (error instanceof APIError ? error.headers : undefined),
    );
  return headers ? toldIn(headers) : null;
}

function toldIn(headers: Headers): ToldAccount | null {
  const organization = name.parse(headers.get('openai-organization'));
  const project = name.parse(headers.get('openai-project'));
  return organization === null && project === null ? null : { organization, project };
}

/** @throws Error where an answer is of another account than the runs are in: nothing is absent because that lacks it. */
export function checkAccount(expected: ToldAccount | null, headers: Headers): void {
  const told = toldIn(headers);
  if (!expected || !told || isSameAccount(expected, told)) return;
  throw new Error(
    `it answers for ${nameOf(told)}, and the runs were started in ${nameOf(expected)}; give a key of that, and start again`,
  );
}

/** What is known of one account after it was told once more; of another, nothing that was known before. */
export const knownAccount = (before: ToldAccount | null, told: ToldAccount): ToldAccount =>
  before && isSameAccount(before, told)
    ? { organization: told.organization ?? before.organization, project: told.project ?? before.project }
    : told;

/** Where the operator has written it, for a line that says what to change. */
export type Written = { api_key: string; organization: string; project: string };

const variables: Written = { api_key: 'OPENAI_API_KEY', organization: 'OPENAI_ORG_ID', project: 'OPENAI_PROJECT_ID' };

/** What is wrong with the configured account, in one line; null: nothing that the provider says. */
export const contradiction = (
  configured: Pick<ClientOptions, 'organization' | 'project'>,
  told: ToldAccount,
  written = variables,
): string | null =>
  differs('organization', written, configured.organization, told.organization) ??
  differs('project', written, configured.project, told.project);

/** OpenAI answers with an organization's short name, which tells nothing of its id: only ids of one form are compared. */
function differs(
  what: 'organization' | 'project',
  written: Written,
  configured: string | undefined,
  told: string | null,
): string | null {
  if (!configured || !told || configured === told || formOf(configured) !== formOf(told)) return null;
  return `${written[what]} is ${configured}, but the provider says that ${written.api_key} works in ${told}; set the one that is meant`;
}

/** `org` of `org-1`, `proj` of `proj_1`; of anything else a form of its own. */
const formOf = (id: string) => /^(org|proj)[-_]/.exec(id)?.[1] ?? id;

/** A project's id never changes, an organization's short name may: it decides only where there is no project to compare. */
export const isSameAccount = (one: ToldAccount, other: ToldAccount): boolean =>
  one.project !== null && other.project !== null
    ? one.project === other.project
    : one.organization === null || other.organization === null || one.organization === other.organization;

/** In one line, for an operator whose key opens another account than the one that runs were started in. */
export function otherAccount(before: ToldAccount, now: ToldAccount, runs: number, written = variables): string {
  const wasRenamed = now.project === null || before.project === null;
  const lines = [
    `${written.api_key} works in ${nameOf(now)}, but runs that have not ended (${runs}) were started in ${nameOf(before)}, and would look gone here`,
    `give a key of ${nameOf(before)}, or name the new account in ${written.project} or ${written.organization}: then they are left alone`,
    ...(wasRenamed ? ['if it is the same account under a new name, empty the table provider_accounts'] : []),
  ];
  return lines.join('; ');
}

const nameOf = ({ organization, project }: ToldAccount) =>
  project === null ? `organization ${organization}` : `project ${project}`;
