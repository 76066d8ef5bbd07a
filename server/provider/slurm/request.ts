// One request to slurmrestd and how it ended; where a token may be why it failed, with what to do about that.
import type { z } from 'zod';
import type { Outcome } from '../../finetuning/provider.ts';
import { attempt, attemptSubmit } from './classify.ts';
import { submittedReply } from './replies.ts';
import { ask, type Daemon, type Reply } from './rest.ts';
import { adviceFor, endedAt, type TokenSource, tokenOf } from './token.ts';

/** The daemon, and where the token for it is. */
export type Access = Omit<Daemon, 'token'> & { token: TokenSource };
export type Request = ReturnType<typeof requests>;

export function requests(daemon: Access) {
  async function told<T>(
    method: string,
    path: string,
    body: unknown,
    signal: AbortSignal,
    attempted: (send: () => Promise<Reply>) => Promise<Outcome<T>>,
    assertFresh?: () => void,
  ): Promise<Outcome<T>> {
    let token: string | null = null;
    const outcome = await attempted(async () => {
      token = await tokenOf(daemon.token);
      assertFresh?.();
      return ask({ ...daemon, token }, method, path, body, signal);
    });
    return advised(outcome, daemon.token, token);
  }
  return {
    daemon,
    /**
     * @param reply what of the body is believed
     * @param assertFresh called when all is at hand, as a token may be long in coming; where it throws nothing is sent
     */
    send: <T>(
      signal: AbortSignal,
      reply: z.ZodType<T>,
      method: string,
      path: string,
      body?: unknown,
      assertFresh?: () => void,
    ) => told(method, path, body, signal, (send) => attempt(send, reply), assertFresh),
    /** The id of the job that was made. */
    submit: (body: unknown, signal: AbortSignal) =>
      told('POST', '/job/submit', body, signal, (send) => attemptSubmit(send, submittedReply)),
  };
}

/** Slurm 22.05 says nothing of a token that it does not accept, but that something went wrong: the token itself may. */
function advised<T>(outcome: Outcome<T>, source: TokenSource, token: string | null): Outcome<T> {
  if (outcome.kind === 'done') return outcome;
  const ended = endedAt(token);
  const why = `${ended === null ? '' : `the token ended at ${ended}; `}${adviceFor(source)}`;
  if (outcome.kind === 'unknown') return ended === null ? outcome : { ...outcome, reason: `${outcome.reason}; ${why}` };
  const { refusal } = outcome;
  return refusal.code === 'unauthorized'
    ? { kind: 'refused', refusal: { ...refusal, message: `${refusal.message}; ${why}` } }
    : outcome;
}
