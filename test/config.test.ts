// What the environment may hold: every secret can be sent, or the start is stopped without showing it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { readConfig, secretsOf } from '../server/config.ts';
import { LIVELY_PACE, planTimeline } from '../server/provider/sandbox/timeline.ts';
import { redactionOf } from '../server/redaction.ts';
import { secretSettings } from '../server/secret-files.ts';
import { connectionTo, readAddress } from '../server/storage/address.ts';
import { temporaryDirectory } from './temporary-directory.ts';

function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  throw new Error('it was taken');
}

describe('a secret', () => {
  const needed = { OPENAI_API_KEY: 'sk-a-key-of-some-length' };

  test.each(['OPENAI_API_KEY', 'ADMIN_API_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID'])(
    'in %s loses the line break that a secret store added at its end',
    (name) => {
      expect(readConfig({ ...needed, [name]: 'a-secret-of-some-length\r\n' })).toMatchObject({
        [name]: 'a-secret-of-some-length',
      });
    },
  );

  test.each(
    ['OPENAI_API_KEY', 'ADMIN_API_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID'].flatMap((name) =>
      [
        'first-secret\nsecond-secret',
        'first-secret second-secret',
        'first-secret\u00fcsecond-secret',
        '\ufefffirst-secret',
        '\n',
      ].map((value) => [name, value] as const),
    ),
  )('that cannot be sent in a header stops the start by the name %s, and is not shown: %j', (name, value) => {
    const message = refusal({ ...needed, [name]: value });
    expect(message).toContain(`${name}: holds a line break, a space or another character that cannot be sent`);
    expect(message.split('\n')).toHaveLength(1);
    expect(message).not.toMatch(/first|second/);
  });

  test.each(['postgres://u:first\nsecond@host/db', 'postgres://u:first%0Asecond@host/db'])(
    'in DATABASE_URL with a line break within stops the start, where parsers would leave it out: %j',
    (DATABASE_URL) => {
      const message = refusal({ DATABASE_URL });
      expect(message).toContain('DATABASE_URL: holds a line break');
      expect(message).not.toMatch(/first|second/);
    },
  );

  test('in OPENAI_BASE_URL is told where it belongs, and not shown', () => {
    const message = refusal({ ...needed, OPENAI_BASE_URL: 'https://user:first-secret@gateway.example/v1' });
    expect(message).toContain('OPENAI_BASE_URL: must hold no user and password');
    expect(message).not.toContain('first');
  });

  test('of a proxy that is of no kind we know is not shown', () => {
    const message = refusal({ ...needed, HTTPS_PROXY: 'socks5://user:first-secret@proxy:1080' });
    expect(message).toContain('HTTPS_PROXY: must be an http(s):// address of a proxy');
    expect(message).not.toContain('first');
  });
});

describe('OPENAI_WEBHOOK_SECRET', () => {
  const [one, other] = ['whsec_Zmlyc3Qtb2YtdGhlbQ==', 'whsec_c2Vjb25kLW9mLXRoZW0='];

  test.each([
    [`${one}\r\n`, [one]],
    [`${one},${other}`, [one, other]],
    [` ${one}, ${other}\n`, [one, other]],
    [`${one}\n${other}\n`, [one, other]],
    ['of-another-form', ['of-another-form']],
  ])('holds one or several, however they are parted: %j', (OPENAI_WEBHOOK_SECRET, secrets) => {
    const config = readConfig({ OPENAI_API_KEY: 'sk-a-key-of-some-length', OPENAI_WEBHOOK_SECRET });
    expect(config.providers).toMatchObject([{ webhook_secrets: secrets }]);
    const redact = redactionOf(secretsOf(config).all);
    for (const secret of secrets) expect(redact(`it says ${secret}.`)).toBe('it says [secret].');
    expect(secretsOf(config).ofProvider).toEqual(expect.arrayContaining(secrets));
  });

  test.each(['whsec_', `${one} whsec_first-of-them`, 'whsec_Zmlyc3Q=b2Y=', '\u00fcfirst-of-them', ' \n,'])(
    'that cannot prove anything stops the start, and is not shown: %j',
    (OPENAI_WEBHOOK_SECRET) => {
      const message = refusal({ OPENAI_WEBHOOK_SECRET });
      expect(message).toMatch(/^goldtune cannot start: OPENAI_WEBHOOK_SECRET: (is no signing secret|holds no secret)/);
      expect(message).not.toMatch(/first|Zmlyc3/);
    },
  );

  test('is for the sandbox too, and not for Azure', () => {
    expect(readConfig({ OPENAI_WEBHOOK_SECRET: one }).providers).toMatchObject([
      { kind: 'sandbox', webhook_secrets: [one] },
    ]);
    const AZURE_OPENAI_ENDPOINT = 'https://name.openai.azure.com';
    const azure = { AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY: 'a-key-of-some-length' };
    expect(refusal({ ...azure, OPENAI_WEBHOOK_SECRET: one })).toContain('OPENAI_WEBHOOK_SECRET: is set for Azure');
  });
});

describe('a secret in a file', () => {
  const key = 'sk-a-key-of-some-length';
  const values: Record<string, string> = {
    SESSION_SECRET: 'a-secret-of-the-test-that-is-long-enough',
    DATABASE_URL: 'postgres://me@host/db',
    OPENAI_BASE_URL: 'https://gateway.example/v1?api-key=some',
    HTTPS_PROXY: 'http://me:pass@proxy:3128',
    HTTP_PROXY: 'http://me:pass@proxy:3128',
  };
  const needed: Record<string, string> = { OPENAI_API_KEY: key, DATABASE_URL: 'postgres://me@host/db' };
  const azure: Record<string, string> = { AZURE_OPENAI_ENDPOINT: 'https://name.openai.azure.com' };
  const besides = (name: string) =>
    name === 'AZURE_OPENAI_API_KEY'
      ? azure
      : Object.fromEntries(Object.entries(needed).filter(([other]) => other !== name));

  test.each(secretSettings)(
    'is read for %s as if it was given itself, without the line break at its end',
    async (name) => {
      await using directory = await temporaryDirectory();
      const path = join(directory.path, 'secret');
      const value = values[name] ?? key;
      await writeFile(path, `${value}\r\n`);
      expect(readConfig({ ...besides(name), [`${name}_FILE`]: path })).toEqual(
        readConfig({ ...besides(name), [name]: value }),
      );
    },
  );

  test('can be given for whatever is cut out of texts as a secret', () => {
    const given = { ...needed, ...values, ADMIN_API_KEY: key, DATABASE_PASSWORD: 'some-password' };
    const all = Object.keys(readConfig(given)).filter((name) => {
      const { [name]: _, ...others } = given as Record<string, string>;
      // Those that others depend on cannot be left out alone.
      return (
        name in given &&
        (name in needed || secretsOf(readConfig(others)).all.length < secretsOf(readConfig(given)).all.length)
      );
    });
    expect(secretSettings).toEqual(expect.arrayContaining(all));
  });

  test.each([
    ['that is not there', (folder: string) => join(folder, 'none'), 'none is not there'],
    ['that is empty', (folder: string) => join(folder, 'empty'), 'empty is empty'],
    ['that is a directory', (folder: string) => folder, 'is a directory, which Docker makes'],
  ])('%s stops the start by the name of its variable', async (_what, pathIn, said) => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'empty'), '\n');
    const message = refusal({ ADMIN_API_KEY_FILE: pathIn(directory.path) });
    expect(message).toMatch(/^goldtune cannot start: ADMIN_API_KEY_FILE: /);
    expect(message).toContain(said);
    expect(message.split('\n')).toHaveLength(1);
  });

  test('beside the secret itself stops the start, and neither is shown', async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'secret');
    await writeFile(path, 'first-secret');
    const message = refusal({ OPENAI_API_KEY: 'second-secret', OPENAI_API_KEY_FILE: path });
    expect(message).toContain('OPENAI_API_KEY_FILE: is given beside OPENAI_API_KEY; keep one of them');
    expect(message).not.toMatch(/first|second/);
  });

  test('that was put where its path belongs is not shown', () => {
    const message = refusal({ OPENAI_API_KEY_FILE: 'sk-first-secret' });
    expect(message).toContain('OPENAI_API_KEY_FILE: the file that it names');
    expect(message).not.toContain('first');
  });
});

describe('PUBLIC_URL', () => {
  const SESSION_SECRET = 'a-secret-of-the-test-that-is-long-enough';
  const given = { PUBLIC_URL: 'https://goldtune.example/tuning/', SESSION_SECRET };

  test('lets a server listen where others reach it, without a key, and limits each of them', () => {
    const config = readConfig({ ...given, HOST: '0.0.0.0' });
    expect(config).toMatchObject({ PUBLIC_URL: 'https://goldtune.example/tuning', RATE_LIMIT_PER_MINUTE: 6000 });
    expect(readConfig({}).RATE_LIMIT_PER_MINUTE).toBe(0);
  });

  test.each([
    ['without a secret', { SESSION_SECRET: '' }, 'SESSION_SECRET: is needed beside PUBLIC_URL'],
    ['with a short secret', { SESSION_SECRET: 'x'.repeat(31) }, 'openssl rand -base64 32'],
    ['over plain http', { PUBLIC_URL: 'http://goldtune.example' }, 'PUBLIC_URL: must be an https:// address'],
    ['with a password', { PUBLIC_URL: 'https://me:first@goldtune.example' }, 'must end with the host'],
    ['with half a provider', { OIDC_ISSUER: 'https://id.example' }, 'OIDC_CLIENT_ID: is needed beside OIDC_ISSUER'],
    ['with a client and no provider', { OIDC_CLIENT_ID: 'a' }, 'OIDC_ISSUER: is needed beside OIDC_CLIENT_ID'],
    [
      'with a provider over plain http',
      { OIDC_ISSUER: 'http://id.example' },
      'OIDC_ISSUER: must be an https:// address',
    ],
    ['with what is no domain', { OIDC_ALLOWED_DOMAINS: '@example.com' }, '"@example.com" is no domain'],
    ['with a role that there is not', { OIDC_ROLE: 'owner' }, 'OIDC_ROLE: '],
  ])('%s stops the start, and says what to do', (_what, env, said) => {
    const message = refusal({ ...given, ...env });
    expect(message).toContain(said);
    expect(message).not.toContain('x'.repeat(31));
  });

  test('of this machine may be plain http, and its secrets are told nowhere', () => {
    const OIDC = {
      OIDC_ISSUER: 'https://id.example',
      OIDC_CLIENT_ID: 'us',
      OIDC_CLIENT_SECRET: 'secret-of-the-client',
    };
    const config = readConfig({ ...OIDC, PUBLIC_URL: 'http://localhost:8080', SESSION_SECRET });
    const cut = redactionOf(secretsOf(config).all);
    expect(cut(`${SESSION_SECRET} and ${OIDC.OIDC_CLIENT_SECRET}`)).toBe('[secret] and [secret]');
  });
});

describe('DATABASE_PASSWORD', () => {
  const DATABASE_URL = 'postgres://goldtune@postgres:5432/goldtune?sslmode=require';
  const anything = `p@ss:w/rd#%41? &+"'\\$` + '{x}=ü';

  test('may hold any character, and is what the driver sends', () => {
    const { DATABASE_URL: url } = readConfig({ DATABASE_URL, DATABASE_PASSWORD: anything });
    const { password, user, host } = new Client(connectionTo(readAddress(url ?? ''), 'test'));
    expect({ password, user, host }).toEqual({ password: anything, user: 'goldtune', host: 'postgres' });
  });

  test('is known as a secret, as it is and as it stands in the address', () => {
    const config = readConfig({ DATABASE_URL, DATABASE_PASSWORD: anything });
    const cut = redactionOf(secretsOf(config).all)(`${anything} in ${config.DATABASE_URL}`);
    expect(cut).not.toMatch(/p@ss|p%40ss|w.{1,3}rd#|{x}|%7Bx/);
  });

  test.each([
    ['without DATABASE_URL', {}, 'needs DATABASE_URL too'],
    ['beside a password there', { DATABASE_URL: 'postgres://u:other@host/db' }, 'keep one of them'],
    ['beside one in the query', { DATABASE_URL: 'postgres:///db?host=/run&password=other' }, 'keep one of them'],
  ])('%s stops the start', (_what, env, said) => {
    const message = refusal({ ...env, DATABASE_PASSWORD: 'first-secret' });
    expect(message).toContain('DATABASE_PASSWORD: ');
    expect(message).toContain(said);
    expect(message).not.toMatch(/first|other/);
  });
});

test('a worker listens only where PORT says so', () => {
  const DATABASE_URL = 'postgres://me@host/db';
  expect(readConfig({}).PORT).toBe(8080);
  expect(readConfig({ DATABASE_URL, ROLE: 'web' }).PORT).toBe(8080);
  expect(readConfig({ DATABASE_URL, ROLE: 'worker' }).PORT).toBeNull();
  expect(readConfig({ DATABASE_URL, ROLE: 'worker', PORT: '9000' }).PORT).toBe(9000);
});

describe('ALLOWED_ORIGINS', () => {
  test('names exact origins, parted by commas', () => {
    expect(readConfig({}).ALLOWED_ORIGINS).toEqual([]);
    expect(readConfig({ ALLOWED_ORIGINS: 'https://app.example, http://localhost:3000,' }).ALLOWED_ORIGINS).toEqual([
      'https://app.example',
      'http://localhost:3000',
    ]);
  });

  test.each([
    ['*', 'would serve pages that nobody named'],
    ['https://*.example', 'would serve pages that nobody named'],
    ['app.example', 'is no origin; name each origin as https://HOST'],
    ['null', 'is no origin'],
    ['file:///index.html', 'is no origin'],
    ['https://app.example/', 'did you mean "https://app.example"?'],
    ['https://app.example/path', 'did you mean "https://app.example"?'],
    ['https://App.example:443', 'did you mean "https://app.example"?'],
    ['https://good.example,bad', '"bad" is no origin'],
  ])('that is no origin stops the start with what would be one: %s', (ALLOWED_ORIGINS, said) => {
    const message = refusal({ ALLOWED_ORIGINS });
    expect(message).toContain('ALLOWED_ORIGINS: ');
    expect(message).toContain(said);
    expect(message.split('\n')).toHaveLength(1);
  });
});

test('proxies are read in either case, the lower one first, also without a scheme', () => {
  const env = {
    OPENAI_API_KEY: 'key',
    https_proxy: 'low:3128',
    HTTPS_PROXY: 'http://high:3128',
    NO_PROXY: '.internal',
  };
  expect(readConfig(env)).toMatchObject({ HTTPS_PROXY: 'http://low:3128', NO_PROXY: '.internal' });
  expect(readConfig(env).HTTP_PROXY).toBeUndefined();
});

test('a proxy of a kind we cannot use does not keep the sandbox from starting', () => {
  expect(readConfig({ HTTPS_PROXY: 'socks5://proxy:1080' }).HTTPS_PROXY).toBeUndefined();
});

test('secrets are known in each spelling of the configuration, but names that it shows itself are none', () => {
  const { all } = secretsOf(
    readConfig({
      OPENAI_API_KEY: 'provider-key',
      ADMIN_API_KEY: 'admin-key-of-some-length',
      DATABASE_URL: 'postgres://me:p%40ss@host/db',
      HTTPS_PROXY: 'http://me:proxy-pass@proxy:3128',
      OPENAI_BASE_URL: 'https://gateway.example/v1?api-key=in-the-query&version=7',
      AZURE_CLIENT_SECRET: 'of-the-identity',
      AZURE_CLIENT_CERTIFICATE_PASSWORD: 'of-its-certificate',
    }),
  );
  expect(all).toEqual(
    expect.arrayContaining([
      'provider-key',
      'admin-key-of-some-length',
      'p%40ss',
      'p@ss',
      'proxy-pass',
      'in-the-query',
      'of-the-identity',
      'of-its-certificate',
      Buffer.from('me:proxy-pass').toString('base64'),
    ]),
  );
  expect(all).not.toContain('7');
  const usual = readConfig({ DATABASE_URL: 'postgres://goldtune:goldtune@postgres/goldtune' });
  expect(secretsOf(usual).all).not.toContain('goldtune');
});

test('a first run on the sandbox was silent for 15 s: it trains, and is looked at, within two seconds', () => {
  const { POLL_INTERVAL_MS: look, SANDBOX_TIME_SCALE: timeScale } = readConfig({});
  const { started_at, step_ms } = planTimeline(0, 51, { timeScale, pace: LIVELY_PACE });
  expect(started_at + 2 * look).toBeLessThan(2000);
  expect(step_ms).toBeLessThanOrEqual(look);
});

test('looking is sped up and slowed down with the sandbox, but for an interval that is set, and never at a provider', () => {
  const looks = (env: Record<string, string>) => readConfig(env).POLL_INTERVAL_MS;
  expect(looks({ SANDBOX_TIME_SCALE: '1' })).toBe(5000);
  expect(looks({ SANDBOX_TIME_SCALE: '100000' })).toBe(100);
  expect(looks({ SANDBOX_TIME_SCALE: '0.01' })).toBe(15_000);
  expect(looks({ POLL_INTERVAL_MS: '700' })).toBe(700);
  expect(looks({ OPENAI_API_KEY: 'key', SANDBOX_TIME_SCALE: '100' })).toBe(15_000);
});

test('however many steps a training on the sandbox has, it can be watched to its end', () => {
  const { started_at, step_ms } = planTimeline(0, 30_000, { timeScale: 10, pace: LIVELY_PACE });
  expect(started_at + 30_000 * step_ms).toBeLessThan(61_000);
});

describe('limits', () => {
  const key = { ADMIN_API_KEY: 'admin-key-of-some-length' };

  test('hold where others share the server, and nobody is limited on a machine of their own unless it is set', () => {
    const none = { RATE_LIMIT_PER_MINUTE: 0, STOP_LIMIT_PER_MINUTE: 0, MAX_STREAMS: 2000, MAX_STREAMS_PER_KEY: 2000 };
    expect(readConfig({})).toMatchObject(none);
    expect(readConfig({ RATE_LIMIT_PER_MINUTE: '600' })).toMatchObject({ ...none, RATE_LIMIT_PER_MINUTE: 600 });
    expect(readConfig(key)).toMatchObject({
      RATE_LIMIT_PER_MINUTE: 6000,
      STOP_LIMIT_PER_MINUTE: 60_000,
      MAX_STREAMS_PER_KEY: 500,
    });
    expect(readConfig({ ...key, MAX_STREAMS: '100' })).toMatchObject({ MAX_STREAMS_PER_KEY: 100 });
    expect(readConfig({ ...key, RATE_LIMIT_PER_MINUTE: '0' })).toMatchObject({ RATE_LIMIT_PER_MINUTE: 0 });
  });

  test.each(['RATE_LIMIT_PER_MINUTE', 'STOP_LIMIT_PER_MINUTE'])('%s lets a whole batch through, or is none', (name) => {
    expect(refusal({ [name]: '49' })).toBe(`goldtune cannot start: ${name}: must be 0, for none, or at least 60`);
  });
});
