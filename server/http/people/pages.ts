// The pages on which people sign in, join and see who they are. Every address is relative, for a path that a proxy adds.
import { html } from 'hono/html';
import type { Invited, SignedIn } from '../../finetuning/sign-in.ts';
import { type Part, page } from './page.ts';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './sent.ts';

const alert = (message: string | null) => (message === null ? '' : html`<p role="alert">${message}</p>`);

const password = (autocomplete: 'current-password' | 'new-password', shortest: number) => html`
<label>Password
<input type="password" name="password" required minlength="${shortest}" maxlength="${LONGEST_PASSWORD}" autocomplete="${autocomplete}">
</label>`;

export const signInPage = (hasOpenId: boolean, message: string | null = null): Part =>
  page(
    'Sign in',
    html`${alert(message)}
<form method="post" action="sign-in">
<label>E-mail <input type="email" name="email" required maxlength="254" autocomplete="username"></label>
${password('current-password', 1)}
<button>Sign in</button>
</form>
${hasOpenId ? html`<p><a class="button" href="openid">Sign in with your organization's account</a></p>` : ''}`,
  );

export function invitationPage(token: string, { organization, email, role, isOfKnown }: Invited, hasOpenId: boolean) {
  const title = email === null ? 'The first administrator' : `Join ${organization}`;
  const hidden = html`<input type="hidden" name="token" value="${token}">`;
  if (isOfKnown) {
    return page(
      title,
      html`<p>${email} is known here already, and is invited to be ${role} of ${organization}.</p>
<form method="post" action="membership">${hidden}<button>Join</button></form>
<p>Not signed in? <a href="sign-in">Sign in</a> as ${email}, and open this link again.</p>`,
    );
  }
  return page(
    title,
    html`<p>${email ?? 'Whoever fills this in'} becomes ${role} of ${organization}.</p>
<form method="post" action="invitation">${hidden}
<label>Name <input name="name" required maxlength="100" autocomplete="name"></label>
<label>E-mail <input type="email" name="email" required maxlength="254" autocomplete="username"
 value="${email ?? ''}" ${email === null ? '' : 'readonly'}></label>
${password('new-password', SHORTEST_PASSWORD)}
<button>Join</button>
</form>
${hasOpenId && email !== null ? html`<p>Or <a href="openid">sign in with your organization's account</a>, without a password here.</p>` : ''}`,
  );
}

export const accountPage = ({ name, role, organization_id, organizations }: SignedIn): Part =>
  page(
    'Signed in',
    html`<p>${name}, ${role} of ${organizations.find(({ id }) => id === organization_id)?.name ?? organization_id}.</p>
${organizations
  .filter(({ id }) => id !== organization_id)
  .map(
    ({ id, name: other }) => html`<form method="post" action="organization">
<input type="hidden" name="organization_id" value="${id}"><button>Go on in ${other}</button></form>`,
  )}
<form method="post" action="sign-out"><p><button>Sign out</button></p></form>
<p><a href="../docs">The API</a></p>`,
  );

export const messagePage = (title: string, message: string): Part =>
  page(title, html`${alert(message)}<p><a class="button" href="sign-in">To the page to sign in</a></p>`);
