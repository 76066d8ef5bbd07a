// How the name of a receiver is looked up: by what the machine's files say, else by name servers, which may be silent.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { lookUpBy } from '../../server/notify/look-up.ts';
import { addressesIn, namesFor } from '../../server/notify/name-files.ts';
import { createSend } from '../../server/notify/send.ts';
import { listening } from '../provider/listening.ts';
import { until } from '../until.ts';

const TYPE = { A: 1, AAAA: 28 };
const NONE = 3;

/** Answers for what it has addresses of, says of `gone.example` that there is none, and of anything else nothing at all. */
async function startNameServer(known: Record<string, readonly number[]>) {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (question, { port, address }) => {
    const name = nameIn(question);
    asked.push(name);
    const answer = known[name];
    if (answer === undefined && name !== 'gone.example') return;
    const end = 12 + name.length + 2;
    const isA = question.readUInt16BE(end) === TYPE.A;
    const reply = Buffer.concat([
      question.subarray(0, end + 4),
      ...(answer && isA ? [Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...answer])] : []),
    ]);
    reply.writeUInt16BE(0x8180 + (answer ? 0 : NONE), 2);
    reply.writeUInt16BE(answer && isA ? 1 : 0, 6);
    reply.writeUInt32BE(0, 8);
    socket.send(reply, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  return {
    asked,
    servers: [`127.0.0.1:${port}`],
    lookUp: lookUpBy([`127.0.0.1:${port}`]),
    [Symbol.asyncDispose]: async () => void socket.close(),
  };
}

function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; question[at]; at += 1 + Number(question[at])) {
    labels.push(question.subarray(at + 1, at + 1 + Number(question[at])).toString());
  }
  return labels.join('.');
}

test('a name server that says nothing keeps neither other names nor files waiting', async () => {
  await using names = await startNameServer({ 'prompt.example': [93, 184, 216, 34] });
  const silent = Array.from({ length: 64 }, (_, index) => `silent-${index}.example`);
  let ended = 0;
  for (const name of silent) names.lookUp(name).catch(() => ended++);
  await until(() => silent.every((name) => names.asked.includes(name)), 'all of them are asked for at once');
  expect(await names.lookUp('prompt.example')).toEqual([{ address: '93.184.216.34', family: 4 }]);
  expect(await readFile('package.json', 'utf8')).toContain('goldtune');
  expect(ended).toBe(0);
  const brief = lookUpBy(names.servers, { timeout: 50, tries: 2 });
  await expect(brief('silent.example')).rejects.toThrow('No name server answered for silent.example');
});

test('a name that leads to this machine is refused, or followed where that is allowed, by the same answer', async () => {
  await using names = await startNameServer({ 'inside.example': [127, 0, 0, 1] });
  await using server = await listening((_request, response) => response.writeHead(204).end());
  const sent = { url: `http://inside.example:${server.port}/`, headers: {}, body: '{}' };
  const { signal } = new AbortController();
  expect(await createSend('public', 10_000, names.lookUp)(sent, signal)).toEqual({
    kind: 'failed',
    error: expect.stringContaining('inside.example is at 127.0.0.1, which is loopback'),
  });
  expect(server.seen).toEqual([]);
  expect(await createSend('all', 10_000, names.lookUp)(sent, signal)).toMatchObject({ kind: 'answered', status: 204 });
  const gone = { ...sent, url: 'http://gone.example/' };
  expect(await createSend('all', 10_000, names.lookUp)(gone, signal)).toEqual({
    kind: 'failed',
    error: 'gone.example has no address',
  });
});

test("names that stand in the machine's own file are not asked for", async () => {
  await using names = await startNameServer({});
  const found = await names.lookUp('localhost');
  expect(found).toContainEqual({ address: '127.0.0.1', family: 4 });
  const hosts =
    '127.0.0.1 localhost\n10.0.0.7\thooks.internal  Hooks # of ours\n fd00::7 hooks\n#10.0.0.8 hooks\nnothing hooks';
  expect(addressesIn(hosts, 'hooks.')).toEqual([
    { address: '10.0.0.7', family: 4 },
    { address: 'fd00::7', family: 6 },
  ]);
  expect(addressesIn(hosts, 'other')).toEqual([]);
  expect(addressesIn('', 'a.localhost')).toHaveLength(2);
  expect(names.asked).toEqual([]);
});

test('a name without a dot is looked for in the domains of this network first', () => {
  const conf = 'nameserver 10.0.0.1\nsearch old.example\nsearch ns.svc.cluster.local svc.cluster.local . # of ours\n';
  expect(namesFor(conf, 'hooks')).toEqual(['hooks.ns.svc.cluster.local', 'hooks.svc.cluster.local', 'hooks']);
  expect(namesFor(conf, 'hooks.example')).toEqual(['hooks.example']);
  expect(namesFor('', 'hooks')).toEqual(['hooks']);
});
