// The forms a setting can have that is more than a number or a word: secrets, and addresses that hold some.
import { z } from 'zod';
import { isLocal } from './http/loopback.ts';
import { proxiesIn } from './http/trusted-proxies.ts';

/** What a secret store adds at the end is no part of it. What is left travels in a header. */
export const secret = z
  .string()
  .transform((text) => text.trimEnd())
  .pipe(
    z
      .string()
      .regex(
        /^[\x21-\x7e]+$/,
        'holds a line break, a space or another character that cannot be sent; set it to one value, in visible ASCII',
      ),
  );

/** Of webhooks. Several are parted by commas, spaces or lines: while one is being changed, both prove who has sent something. */
export const signingSecrets = z.string().transform((text, context) => {
  const given = text.split(/[\s,]+/).filter((part) => part !== '');
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  if (given.length === 0) refuse('holds no secret');
  if (given.some((part) => !/^(?!whsec_)[\x21-\x7e]+$|^whsec_[A-Za-z0-9+/]+={0,2}$/.test(part)))
    refuse('is no signing secret as OpenAI shows it: whsec_, and then letters, digits, "+", "/" and "=" at the end');
  return given;
});

const address = (protocol: RegExp, error: string) =>
  z
    .string()
    .transform((text) => text.trimEnd())
    .pipe(z.string().refine(isOneLine, 'holds a line break; set it to one address').pipe(z.url({ protocol, error })));

/** Parsers of addresses leave line breaks out in silence, and so change a password. */
function isOneLine(text: string): boolean {
  return !hasControl(text) && !hasControl(decoded(text));
}

// biome would have control characters written out; this is all of them.
const hasControl = (text: string) => /\p{Cc}/u.test(text);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Of a database: it is sent in no header, and may hold whatever can be typed. */
export const password = z
  .string()
  .refine((text) => !hasControl(text), 'holds a line break or another control character');

/** The address with a password that it does not hold itself, whatever its characters; a socket's has no place before a host. */
export function withPassword(url: string, given: string): string {
  const address = new URL(url);
  address.searchParams.set('password', given);
  return address.href;
}

/** Whether it holds a password, in either of the two places. */
export const hasPassword = (url: string) => {
  const address = new URL(url);
  return address.password !== '' || address.searchParams.has('password');
};

export const databaseUrl = address(/^postgres(ql)?$/, 'must be a postgres:// address');

/** @param advice where the key goes, that somebody may have put there */
export const providerAddress = (advice: string) =>
  address(/^https?$/, 'must be an http(s):// address')
    .refine(
      (url) => URL.parse(url)?.username === '' && URL.parse(url)?.password === '',
      `must hold no user and password; ${advice}`,
    )
    .refine((url) => !url.includes('#'), 'must hold no # and what follows it, which is never sent');

/** Of a resource on Azure, as the portal shows it, with or without the path of the API. */
export const azureAddress = (advice: string) =>
  providerAddress(advice)
    .transform((url) => new URL(url))
    .refine(({ search, hash }) => search === '' && hash === '', 'must end with the name of the host')
    .transform(({ origin, pathname }) => `${origin}${pathname.replace(/\/+$/, '').replace(/\/openai(\/v1)?$/i, '')}`);

/** `proxy.example:3128` is understood as `http://proxy.example:3128`. */
export const proxyAddress = z
  .string()
  .transform((text) => (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`))
  .pipe(address(/^https?$/, 'must be an http(s):// address of a proxy'));

/** As browsers send it: `https://app.example`, `http://localhost:3000`. Several are parted by commas. */
export const origins = z.string().transform((text, context) => {
  const given = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  for (const part of given) {
    const problem = problemOfOrigin(part);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  }
  return given;
});

/** Where browsers find this server, without a slash at the end. */
export const publicAddress = address(/^https?$/, 'must be an https:// address').transform((text, context) => {
  const { protocol, username, password, search, hash, origin, pathname } = new URL(text);
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  if (protocol !== 'https:' && !isLocal(text))
    refuse('must be an https:// address: over plain http passwords could be read; http://localhost alone needs none');
  if ([username, password, search, hash].some((part) => part !== ''))
    refuse('must end with the host, or with the path that a proxy adds');
  return `${origin}${pathname.replace(/\/+$/, '')}`;
});

/** Of an OpenID provider, as it calls itself: it is compared letter by letter. */
export const issuer = address(/^https?$/, 'must be an https:// address')
  .refine((url) => url.startsWith('https://') || isLocal(url), 'must be an https:// address')
  .refine((url) => !/[?#]/.test(url), 'must hold no ? and no #');

/** Of e-mail addresses: `example.com`. Several are parted by commas. */
export const domains = z.string().transform((text, context) => {
  const given = text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');
  for (const part of given.filter((name) => !/^([a-z0-9-]+\.)+[a-z0-9-]+$/.test(name)))
    context.addIssue({ code: 'custom', message: `"${part}" is no domain; name each as example.com, parted by commas` });
  return given;
});

function problemOfOrigin(text: string): string | null {
  const wanted = 'name each origin as https://HOST or https://HOST:PORT, parted by commas';
  if (text.includes('*')) return `"${text}" would serve pages that nobody named; ${wanted}`;
  const { protocol, origin } = URL.canParse(text) ? new URL(text) : { protocol: '', origin: '' };
  if (protocol !== 'https:' && protocol !== 'http:') return `"${text}" is no origin; ${wanted}`;
  return origin === text ? null : `"${text}" is no origin; did you mean "${origin}"?`;
}

/** Addresses and networks, parted by commas. */
export const trustedProxies = z.string().transform((text, context) => {
  try {
    return proxiesIn(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});

/** The passwords and keys in an address, as they stand there and decoded. */
export function secretsIn(url: string | undefined): string[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { username, password, hostname, pathname, searchParams } = new URL(url);
  const queried = [...searchParams]
    .filter(([name]) => /pass|key|token|secret|sig/i.test(name))
    .map(([, value]) => value);
  const pair = password === '' ? [] : [password, basic(decoded(username), decoded(password))];
  // What the address itself shows as a name protects nothing, and is a word of many texts.
  const shown = [username, hostname, pathname.slice(1)];
  return [...pair, ...queried].flatMap((found) => [found, decoded(found)]).filter((found) => !shown.includes(found));
}

const basic = (user: string, password: string) => Buffer.from(`${user}:${password}`).toString('base64');
