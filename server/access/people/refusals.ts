// Why a sign-in at an OpenID provider came to nothing, in words for the person: what they can do about it.

const AGAIN = 'Begin again on the page to sign in.';

const words: Readonly<Record<string, string>> = {
  not_invited: 'Nobody has invited this e-mail. Ask an administrator for an invitation, and sign in again.',
  email_not_verified: 'The provider does not say that this e-mail is yours. Have it verified there, and sign in again.',
  email_not_found: 'The provider tells no e-mail of yours, and you are known here by it. Allow that it is told.',
  account_not_linked:
    'Somebody with this e-mail signs in with a password here. Sign in with it; or have an administrator remove and invite you again.',
  other_account:
    'Somebody else with this e-mail has signed in here through another account of the provider. Where that was you, have an administrator remove and invite you again.',
  access_denied: `The provider was told not to let you in here. ${AGAIN}`,
  issuer_mismatch: `The answer is of another provider than the one that is configured here. ${AGAIN}`,
  state_mismatch: `This sign-in was used before, is too old, or was begun in another browser. ${AGAIN}`,
  state_not_found: `This is no answer to a sign-in that was begun here. ${AGAIN}`,
  invalid_code: `The provider did not confirm this sign-in. ${AGAIN}`,
  unable_to_get_user_info: `What the provider says of you is not signed by it, or is of another sign-in. ${AGAIN}`,
};

/** Of the library's own failures, of which none is the person's. */
export const isOurs = (code: string): boolean =>
  ['internal_server_error', 'unable_to_create_session', 'unable_to_create_user', 'unable_to_link_account'].includes(
    code,
  );

export const wordsOfRefusal = (code: string): string =>
  words[code] ?? `The provider let nobody in (${code.replace(/[^\w-]/g, ' ').slice(0, 60)}). ${AGAIN}`;
