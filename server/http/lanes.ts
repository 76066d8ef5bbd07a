// What a request asks for, told from its address alone, before anything else of it is read: how many calls, in which lane.
import type { Lane } from '../finetuning/limits.ts';
import { MOST_BATCHED } from './trpc/readable.ts';
import { ENDPOINT } from './trpc/refusal.ts';

/** As the procedures are called that `stopping` makes (trpc/base.ts). */
const IS_STOP = /\.(cancel|cancelMany|bulkCancel|delete|remove|revoke|revokeInvitation)$/;

/** A batch is as many calls as it holds; one that is too large is refused as that, and none is served of it. */
export function callsIn(request: Request): Map<Lane, number> {
  const calls = new Map<Lane, number>();
  const path = pathOf(request);
  const lanes = path.startsWith(`${ENDPOINT}/`) ? lanesOfBatch(request, path) : [laneOfRoute(request, path)];
  for (const lane of lanes) {
    calls.set(lane, (calls.get(lane) ?? 0) + 1);
  }
  return calls;
}

/** As it is routed by, however it is written: decoded, and without a slash at its end. */
function pathOf({ url }: Request): string {
  const { pathname } = new URL(url);
  try {
    return decodeURIComponent(pathname).replace(/\/+$/, '');
  } catch {
    return pathname;
  }
}

function lanesOfBatch({ url }: Request, path: string): Lane[] {
  const called = path.slice(ENDPOINT.length + 1);
  const isBatch = new URL(url).searchParams.get('batch') === '1';
  const procedures = isBatch ? called.split(',', MOST_BATCHED) : [called];
  return procedures.map((procedure) => (IS_STOP.test(procedure) ? 'stops' : 'calls'));
}

const laneOfRoute = ({ method }: Request, path: string): Lane =>
  method === 'DELETE' || (method === 'POST' && /(\/cancel|\/bulk-cancels)$/.test(path)) ? 'stops' : 'calls';
