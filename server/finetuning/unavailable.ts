// The one refusal that is no fault of the request: what it needs cannot be had just now, and it may be sent again.
import { DomainError } from './errors.ts';

const AGAIN = 'try again a little later';

export class Unavailable extends DomainError {
  /** What is in the way, as a sentence without its full stop. */
  readonly reason: string;
  /** It may be over in a moment: a lock, a connection that was lost. Whoever has time left may try again at once. */
  readonly passes: boolean;
  /** What was asked for may have been done all the same: it was sent to be committed, and no answer came. */
  readonly mayBeDone: boolean;

  constructor(reason: string, { cause, passes = false, mayBeDone = false }: Partial<Circumstances> = {}) {
    super('unavailable', `${reason}; ${AGAIN}.`, { cause });
    this.reason = reason;
    this.passes = passes;
    this.mayBeDone = mayBeDone;
  }
}

type Circumstances = { cause: unknown; passes: boolean; mayBeDone: boolean };

/** The same, told of a wish: whether that is recorded. @param mayBeRecorded of this try, or of one before it */
export function unrecorded(wish: 'cancel' | 'delete', { reason, cause }: Unavailable, mayBeRecorded: boolean) {
  const told = mayBeRecorded
    ? `${reason}, and it is not known whether this ${wish} is recorded; ${AGAIN}: asking twice is asking once.`
    : `${reason}, so this ${wish} is not recorded; ${AGAIN}.`;
  return new DomainError('unavailable', told, { cause });
}
