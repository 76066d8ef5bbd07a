// Lets a held job begin.
import type { JobRef, Outcome, ProviderJob } from '../../finetuning/provider.ts';
import { failure } from './classify.ts';
import { type Guard, jobOf } from './meant.ts';
import { emptyReply } from './replies.ts';
import type { Request } from './request.ts';

/** Slurm's own number, for what is found out before it is asked. */
const HAS_FINISHED = 2084;

export const releasing =
  ({ send }: Request, guard: Guard) =>
  async (job: JobRef, signal: AbortSignal): Promise<Outcome<ProviderJob>> => {
    const shown = await guard.meant(job, signal);
    if (shown.kind !== 'done') return shown;
    const { now } = shown.value;
    if (now.phase !== 'active') return failure({ number: HAS_FINISHED, message: 'Job has already finished' }, 500);
    if (!now.held) return { kind: 'done', value: now };
    const assertFresh = () => guard.assertFresh(shown.value);
    const released = await send(signal, emptyReply, 'POST', `/job/${now.id}`, { hold: false }, assertFresh);
    return released.kind === 'done' ? jobOf(await guard.after(now, signal)) : released;
  };
