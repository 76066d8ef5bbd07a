// A process that does one heavy thing to a running goldtune, so that who measures does not share a processor's turn
// with it: says when it is prepared, begins when told, says when it is under way, ends it when told.
import { once } from 'node:events';
import { heavy } from '../test/neighbour/heavy.ts';

const [name = '', url = ''] = process.argv.slice(2);
const prepare = heavy[name];
if (!prepare) throw new Error(`there is no "${name}"`);

const say = (what: 'prepared' | 'under way') => process.send?.(what);
const told = () => once(process, 'message');

const act = await prepare({ url });
say('prepared');
await told();
await act(async () => {
  const over = told();
  say('under way');
  await over;
});
process.disconnect();
