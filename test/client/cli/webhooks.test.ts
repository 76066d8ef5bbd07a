// `goldtune webhooks …`: an endpoint added, its secret printed alone, what was told it looked at, and told again.
import { expect, test } from 'vitest';
import { answering, startReceiver, taken, verified } from '../../api/receiver.ts';
import { startWorld } from '../../world.ts';
import { json, run } from './command-line.ts';

const UNKNOWN = 'a'.repeat(24);
const env = { WEBHOOK_PRIVATE_ADDRESSES: 'allow' };
const rowsOf = (document: unknown) => Object.values(Object(document)).map((row) => Object(row));

test('an endpoint is added, and its secret, printed alone, proves what it is told', async () => {
  await using receiver = await startReceiver();
  await using world = await startWorld({ env, webhooksOut: { looks_ms: 20, pauses_ms: [] } });
  const { url } = world.app;
  const create = ['webhooks', 'create', receiver.url, '--type', 'finetuning.cancelled,finetuning.stuck'];
  const made = await run([...create, '--description', 'tells\u001b[2J us'], { url });
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whsec_[\w+/]+=*\n$/) });
  expect(made.stderr).toMatch(
    /^Endpoint [0-9a-f]{24}, http:\S+, is signed for by it\. It is shown this once: keep it now\.\n$/,
  );
  const id = /[0-9a-f]{24}/.exec(made.stderr)?.[0] ?? '';

  const list = await run(['webhooks', 'list'], { url });
  expect(list.stdout).toMatch(new RegExp(`^${id} +${receiver.url} +enabled +cancelled,stuck +tells \\[2J us$`, 'm'));
  expect(list.stdout).not.toContain('whsec_');
  expect((await run(['webhooks', 'ping', id], { url })).stdout).toMatch(/^[0-9a-f]{24} will be sent\n$/);
  await world.until(() => receiver.got.length === 1, 'the test comes');
  const [ping] = receiver.got;
  expect(ping && verified(ping, made.stdout.trim())).toMatchObject({ type: 'ping' });

  const rotated = await run(['webhooks', 'rotate-secret', id, '--overlap', '12h'], { url });
  expect(rotated).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whsec_\S+\n$/) });
  expect(rotated.stderr).toMatch(/The old one signs until \S+Z\.\n$/);
  expect(await json(['webhooks', 'rotate-secret', id, '--overlap', '0'], url)).toMatchObject({
    id,
    secret: expect.stringMatching(/^whsec_/),
  });
});

test('what was not taken is seen with its answer, and sent again under the same id', async () => {
  await using receiver = await startReceiver();
  await using world = await startWorld({ env, webhooksOut: { looks_ms: 20, pauses_ms: [] } });
  const { url } = world.app;
  receiver.answer = answering(503, 'upstream\u001b[2J is down');
  const { id } = Object(await json(['webhooks', 'create', receiver.url], url));
  const cancelled = await world.createIn('cancelled');
  const states = async () => rowsOf(await json(['webhooks', 'deliveries', id], url)).map(({ state }) => state);
  await world.until(async () => {
    const found = await states();
    return found.length > 0 && found.every((state) => state === 'given_up');
  }, 'all is given up');
  const table = await run(['webhooks', 'deliveries', id, '--limit', '1'], { url });
  expect(table.stdout).toMatch(
    new RegExp(
      `^([0-9a-f]{24}) +cancelled +${cancelled.id} +given_up +1 +\\S+Z +– +HTTP 503: upstream \\[2J is down$`,
      'm',
    ),
  );
  const delivery = /^[0-9a-f]{24}/m.exec(table.stdout)?.[0] ?? '';
  receiver.answer = taken;
  const before = receiver.got.length;
  expect(await run(['webhooks', 'redeliver', id, delivery], { url })).toMatchObject({
    code: 0,
    stdout: `${delivery} will be sent again\n`,
  });
  await world.until(() => receiver.got.length > before, 'it comes again');
  expect(receiver.got.slice(before).map((received) => received.id)).toEqual([delivery]);
  expect(await run(['webhooks', 'redeliver', id, UNKNOWN], { url })).toMatchObject({ code: 5, stdout: '' });
});

test('an endpoint is changed, disabled, enabled and deleted', async () => {
  await using world = await startWorld();
  const { url } = world.app;
  const add = ['webhooks', 'create', 'https://hooks.example.com/a', '--type', 'finetuning.stuck'];
  const { id } = Object(await json(add, url));
  const changed = await run(['webhooks', 'update', id, '--to', 'https://hooks.example.com/b', '--all-types'], { url });
  expect(changed.stdout).toMatch(/^url +https:\/\/hooks\.example\.com\/b\ntold +everything\nstanding +enabled$/m);
  const typed = ['webhooks', 'update', id, '--type', 'finetuning.cancelled', '--type', 'finetuning.stuck'];
  expect(await json([...typed, '--disable'], url)).toMatchObject({
    enabled: false,
    types: ['finetuning.cancelled', 'finetuning.stuck'],
  });
  expect((await run(['webhooks', 'get', id], { url })).stdout).toMatch(/^standing +disabled$/m);
  expect(await json(['webhooks', 'update', id, '--enable'], url)).toMatchObject({ enabled: true });
  expect(await run(['webhooks', 'delete', id], { url })).toEqual({ code: 0, stdout: `${id} is deleted\n`, stderr: '' });
  expect(await run(['webhooks', 'get', id], { url })).toMatchObject({ code: 5 });
  expect(await run(['webhooks', 'create', 'https://10.0.0.1/'], { url })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('private'),
  });
});

test('what cannot be meant is refused before anything is sent', async () => {
  expect(await run(['webhooks', 'create', 'https://x', '--type', 'finetuning.canceled'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean finetuning.cancelled?'),
  });
  expect(await run(['webhooks', 'update', UNKNOWN, '--enable', '--disable'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('cannot be used with'),
  });
});
