// The frame of the pages on which people sign in: plain HTML without a script, which loads nothing from anywhere.
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Part = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 4rem auto; padding: 0 1rem; color: #1a1a1a; }
h1 { font-size: 1.25rem; } label { display: block; margin: 1rem 0; }
input { display: block; width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; }
button, .button { display: inline-block; padding: .5rem 1rem; font: inherit; color: #1a1a1a; text-decoration: none;
  background: #eee; border: 1px solid #777; border-radius: .25rem; cursor: pointer; }
[role=alert] { padding: .5rem 1rem; background: #fdecea; border-left: .25rem solid #b3261e; }
`;

/** Nothing but the style that stands in the page, and forms that are sent to this server. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Over JSON as well: what stands in these answers is for who asks, once. */
export const pageHeaders = {
  'content-security-policy': policy,
  'cache-control': 'no-store',
  // With none at all, browsers would not say in `Origin` whose page a form is on.
  'referrer-policy': 'same-origin',
};

export const page = (title: string, content: Part): Part => html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – goldtune</title>
<style>${raw(STYLE)}</style>
<h1>${title}</h1>
${content}
</html>`;
