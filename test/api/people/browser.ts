// A browser as far as sign-ins go: it keeps cookies, says whose page asks, and follows where it is sent.
import { parse } from 'hono/utils/cookie';

export const PUBLIC_URL = 'https://goldtune.example';
export const SESSION_SECRET = 'a-secret-of-the-test-that-is-long-enough';
export const peopleEnv = { PUBLIC_URL, SESSION_SECRET };
export const PASSWORD = 'correct horse battery';

export type Page = { status: number; text: string; location: string | null; headers: Headers };

export class Browser {
  readonly #url: string;
  readonly cookies = new Map<string, string>();
  /** As they came, with their attributes. */
  readonly set: string[] = [];
  origin: string | null = PUBLIC_URL;

  constructor(url: string | null) {
    this.#url = url ?? '';
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** What a page of that origin sends with its requests. */
  get headers(): Record<string, string> {
    return {
      ...(this.cookies.size > 0 ? { cookie: this.cookie } : {}),
      ...(this.origin === null ? {} : { origin: this.origin }),
    };
  }

  get = (path: string, headers: Record<string, string> = {}): Promise<Page> =>
    this.#send(path, { headers: { accept: 'text/html', ...this.headers, ...headers } });

  /** As a form does. */
  post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Page> =>
    this.#send(path, {
      method: 'POST',
      headers: { accept: 'text/html', ...this.headers, ...headers },
      body: new URLSearchParams(fields),
    });

  signIn = (email: string, password = PASSWORD): Promise<Page> => this.post('/auth/sign-in', { email, password });

  async #send(path: string, init: RequestInit): Promise<Page> {
    const response = await fetch(new URL(path.replace(PUBLIC_URL, ''), this.#url), { ...init, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      this.set.push(cookie);
      const [pair = ''] = cookie.split(';');
      const [[name, value] = ['', '']] = Object.entries(parse(pair));
      if (/Max-Age=0/.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, encodeURIComponent(value));
    }
    const { status, headers } = response;
    return { status, headers, text: await response.text(), location: headers.get('location') };
  }
}

export const tokenOf = (link: string | null): string => new URL(link ?? '').searchParams.get('token') ?? '';

/** The first administrator of a world, signed in. */
export async function administrator(
  { app }: { app: { url: string | null; firstAdministratorLink: string | null } },
  email = 'ada@example.com',
): Promise<Browser> {
  const browser = new Browser(app.url);
  const token = tokenOf(app.firstAdministratorLink);
  const joined = await browser.post('/auth/invitation', { token, name: 'Ada', email, password: PASSWORD });
  if (joined.status !== 303) throw new Error(`the first administrator was answered ${joined.status}: ${joined.text}`);
  return browser;
}
