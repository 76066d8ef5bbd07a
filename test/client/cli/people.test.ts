// `goldtune people …` and `goldtune whoami`: a link printed alone for whoever passes it on, and who is in.
import { expect, test } from 'vitest';
import { Browser, PASSWORD, peopleEnv, tokenOf } from '../../api/people/browser.ts';
import { startWorld } from '../../world.ts';
import { run } from './command-line.ts';

const ADMIN_API_KEY = 'a-secret-of-the-test';

test('somebody is invited by a link that is printed alone, is given another role, and is taken out again', async () => {
  await using world = await startWorld({ env: { ...peopleEnv, ADMIN_API_KEY } });
  const as = { url: world.app.url, env: { GOLDTUNE_API_KEY: ADMIN_API_KEY } };
  expect(await run(['whoami'], as)).toEqual({ code: 0, stdout: 'admin, of default: may admin\n', stderr: '' });

  const made = await run(['people', 'invite', 'grace@example.com', '--role', 'viewer'], as);
  expect(made).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^https:\S+\/auth\/invitation\?token=[\w-]{43}\n$/),
  });
  expect(made.stderr).toMatch(/^Invitation [0-9a-f]{24}: grace@example\.com joins as viewer, until \S+Z\./);
  const invited = await run(['people', 'invitations'], as);
  expect(invited.stdout).toMatch(/^[0-9a-f]{24} +grace@example\.com +viewer +admin +\S+Z$/m);
  expect(invited.stdout).not.toContain('token');

  const given = { token: tokenOf(made.stdout.trim()), name: 'Gr\u001b[2Jace', email: '', password: PASSWORD };
  const joined = await new Browser(world.app.url).post('/auth/invitation', { ...given, email: 'grace@example.com' });
  expect(joined.status).toBe(303);
  const list = await run(['people', 'list'], as);
  const [, id = ''] = /^([0-9a-f]{24}) +Gr \[2Jace +grace@example\.com +viewer +\S+Z$/m.exec(list.stdout) ?? [];
  expect(id).not.toBe('');
  expect(await run(['people', 'set-role', id, 'operator'], as)).toMatchObject({
    code: 0,
    stdout: 'grace@example.com is operator now\n',
  });
  expect(await run(['people', 'set-role', id, 'king'], as)).toMatchObject({ code: 2, stdout: '' });
  expect(await run(['people', 'delete', id], as)).toMatchObject({
    code: 0,
    stdout: 'grace@example.com is not in the organization any more\n',
  });
  expect(await run(['people', 'delete', id], as)).toMatchObject({ code: 5, stdout: '' });

  const again = await run(['people', 'invite', 'hedy@example.com', '--role', 'admin'], as);
  const [uninvited = ''] = /[0-9a-f]{24}/.exec(again.stderr) ?? [];
  expect(await run(['people', 'uninvite', uninvited], as)).toMatchObject({
    code: 0,
    stdout: 'The invitation of hedy@example.com opens nothing any more\n',
  });
});
