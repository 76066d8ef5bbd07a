// The routes that stop a finetuning: cancel, which keeps it, and delete, which forgets it.
import { cancelInput } from '../../finetuning/contract/finetunings.ts';
import { cut } from '../../finetuning/cut.ts';
import { DomainError } from '../../finetuning/errors.ts';
import { done, isDone } from './done.ts';
import { cancelled, cancelRequested, documentedCancelled, examplesOfCancel } from './examples/cancel.ts';
import { answeredFinetuning, BASE, byId, withSqls } from './finetuning-schemas.ts';
import { knownForm } from './known-form.ts';
import { preferenceApplied, preferenceAppliedHeader, preferHeader, preferredWait } from './prefer.ts';
import { type Route, route } from './route.ts';

const tag = 'Finetunings' as const;
const headers = preferenceAppliedHeader;

export const stopRoutes: Route[] = [
  route(
    'post',
    `${BASE}/{finetuning_id}/cancel`,
    { params: byId, headers: preferHeader, body: cancelInput, bodyOptional: true },
    {
      operationId: 'cancelFinetuning',
      summary: 'Cancel a finetuning',
      description:
        'Stops the training; the finetuning stays in the list. The wish is stored before anything else, so an acknowledged cancel is never lost, and the answer never says `cancelled` before that is proven. Idempotent: it may be sent again, whatever came back. It is carried out whatever else was sent: `warnings` names what was ignored. Where it comes too late, showing the finetuning shows its receipt.',
      tag,
      examples: examplesOfCancel,
      answers: {
        200: {
          description: 'Proven stopped: nothing runs, and nothing will.',
          schema: answeredFinetuning,
          examples: { documented: documentedCancelled, cancelled },
          headers,
        },
        202: {
          description:
            'Stored, not yet proven; it is pursued until it is. `status` is what was last observed; `waiting` says what the proof waits for, since when, what was tried last and when it is tried next.',
          schema: answeredFinetuning,
          examples: { requested: cancelRequested },
          headers,
        },
      },
      errors: ['mismatch', 'already_succeeded', 'already_failed', 'not_found'],
    },
    async ({ caller, params, body, headers }) => {
      const preferred = preferredWait(headers.Prefer);
      const cancelled = await caller.finetunings.cancel({
        id: namedId(params.finetuning_id, body.finetuning_id ?? null),
        metadata: body.metadata,
        reason: body.reason,
        wait_ms: preferred?.wait_ms,
      });
      return {
        status: cancelled.status === 'cancelled' ? 200 : 202,
        body: withSqls(cancelled),
        headers: preferenceApplied(preferred),
      };
    },
  ),

  route(
    'delete',
    `${BASE}/{finetuning_id}`,
    { params: byId, headers: preferHeader },
    {
      operationId: 'deleteFinetuning',
      summary: 'Delete a finetuning',
      description:
        'Cancels it first, removes its files from the provider, then forgets it. It is carried out whatever else was sent: `warnings` names what was ignored.',
      tag,
      answers: {
        200: { description: 'Forgotten.', schema: isDone, examples: { done }, headers },
        202: { description: 'Stored, and under way.', schema: isDone, examples: { done }, headers },
      },
      errors: ['not_found'],
    },
    async ({ caller, params, headers }) => {
      const preferred = preferredWait(headers.Prefer);
      const { forgotten } = await caller.finetunings.delete({
        id: knownForm('Finetuning', params.finetuning_id),
        wait_ms: preferred?.wait_ms,
      });
      return { status: forgotten ? 200 : 202, body: { status: true }, headers: preferenceApplied(preferred) };
    },
  ),
];

/** The path names the finetuning; where a generated client sent the path unfilled, the body does. */
function namedId(inPath: string, inBody: string | null): string {
  const unfilled = inPath === '{finetuning_id}';
  if (unfilled && inBody === null) {
    throw new DomainError(
      'mismatch',
      'The path holds a placeholder; put the id into the path, or into finetuning_id of the body.',
    );
  }
  if (!unfilled && inBody !== null && inBody !== inPath) {
    throw new DomainError('mismatch', `The path names ${inPath}, the body ${cut(inBody)}; nothing was cancelled.`);
  }
  return knownForm('Finetuning', unfilled && inBody !== null ? inBody : inPath);
}
