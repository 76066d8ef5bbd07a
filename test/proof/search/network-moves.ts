// What becomes of the requests that are on their way.
import type { Refusal } from '../../../server/finetuning/provider.ts';
import { type Move, spend, withWorker } from './change.ts';
import type { Seen } from './moves.ts';
import { answered, busy, type Execution, execute, invalid, missing } from './provider.ts';
import type { World } from './world.ts';

export function networkMoves(world: World, seen: Seen): Move[] {
  return world.net.flatMap(({ request, sender }, at): Move[] => {
    const gone: World = { ...world, net: world.net.filter((_, index) => index !== at) };
    const reply = (to: World, outcome: Parameters<typeof answered>[1]): World => {
      if (sender === null) return to;
      const worker = to.workers[sender];
      if (worker?.at !== 'waiting') throw new Error('a reply for nobody');
      const { call, snapshot } = worker;
      return withWorker(to, sender, { at: 'answered', call, snapshot, happening: answered(call, outcome) });
    };
    const executions = execute(gone, request).map((execution): Move => {
      if (sender === null && execution.name === 'refuses the late create') seen.hit('late create refused by the fence');
      const after = reply(execution.world, outcomeOf(execution.reply));
      return {
        label: `the provider ${execution.name} (${request.kind}${sender === null ? ', nobody waits' : ` of worker ${sender}`})`,
        kind: execution.fault ? 'fault' : 'bound',
        world: execution.fault ? spend(after, execution.fault) : after,
      };
    });
    // A create delivered twice is beyond the protocol, but where we name the jobs: two on one file; the janitor stops one.
    const mayRepeat = request.kind === 'create' ? world.engine.named : request.kind !== 'upload';
    if (world.budget.repeat > 0 && mayRepeat && request.kind !== 'release') {
      for (const { label, world: after } of executions.slice()) {
        const again = { ...after, net: [...after.net, { request, sender: null }] };
        executions.push({ label: `${label}, and once more`, kind: 'fault', world: spend(again, 'repeat') });
      }
    }
    if (world.budget.repeat > 0 && request.kind === 'create' && world.engine.named && sender !== null) {
      for (const { name, world: after } of execute(gone, request).slice(0, 1)) {
        const again = { ...after, net: [...after.net, { request, sender }] };
        const label = `the provider ${name} (create), and what comes once more is what worker ${sender} is answered`;
        executions.push({ label, kind: 'fault', world: spend(again, 'repeat') });
      }
    }
    if (sender === null) return [...executions, { label: `a ${request.kind} vanishes`, kind: 'bound', world: gone }];
    const refused = (refusal: Refusal, what: 'refusal' | 'denial'): Move => ({
      label: `the provider refuses the ${request.kind} of worker ${sender}: ${refusal.code}`,
      kind: 'fault',
      world: spend(reply(gone, { kind: 'refused', refusal }), what),
    });
    const makes = request.kind === 'create' || request.kind === 'upload';
    return [
      ...executions,
      ...(world.budget.refusal === 0 ? [] : (makes ? [busy, invalid] : [busy]).map((one) => refused(one, 'refusal'))),
      // It says that it does not have what it has.
      ...(world.budget.denial === 0 || makes ? [] : [refused(missing, 'denial')]),
    ];
  });
}

function outcomeOf(reply: Execution['reply']): Parameters<typeof answered>[1] {
  if ('value' in reply) return { kind: 'done', value: reply.value };
  return 'refusal' in reply ? { kind: 'refused', refusal: reply.refusal } : { kind: 'unknown', reason: reply.unknown };
}
