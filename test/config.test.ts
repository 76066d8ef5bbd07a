// What the environment may hold: every secret can be sent, or the start is stopped without showing it.
import { describe, expect, test } from 'vitest';
import { readConfig, secretsOf } from '../server/config.ts';
import { LIVELY_PACE, planTimeline } from '../server/provider/sandbox/timeline.ts';

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
