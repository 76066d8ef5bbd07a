// What a request asks for, told from its address alone, before anything else of it is read: how many calls, in which lane.
import type { Lane } from '../finetuning/limits.ts';
import { MOST_BATCHED } from './trpc/readable.ts';
import { ENDPOINT, isTrpc } from './trpc/refusal.ts';

/** As the procedures are called that `stopping` makes (trpc/base.ts). */
const IS_STOP = /\.(cancel|cancelMany|delete|revoke)$/;

/** A batch is as many calls as it holds; one that is too large is refused as that, and none is served of it. */
export function callsIn(request: Request): Map<Lane, number> {
  const calls = new Map<Lane, number>();
  for (const lane of isTrpc(request) ? lanesOfBatch(request) : [laneOfRoute(request)]) {
    calls.set(lane, (calls.get(lane) ?? 0) + 1);
  }
  return calls;
}

function lanesOfBatch({ url }: Request): Lane[] {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.slice(ENDPOINT.length + 1).replaceAll(/%2c/gi, ',');
  const procedures = searchParams.get('batch') === '1' ? path.split(',', MOST_BATCHED) : [path];
  return procedures.map((procedure) => (IS_STOP.test(procedure) ? 'stops' : 'calls'));
}

const laneOfRoute = ({ method, url }: Request): Lane =>
  method === 'DELETE' || (method === 'POST' && new URL(url).pathname.endsWith('/cancel')) ? 'stops' : 'calls';
