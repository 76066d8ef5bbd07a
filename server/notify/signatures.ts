// The headers of Standard Webhooks: what it is, when it was sent, and a signature by each secret that is known.
import { Webhook } from 'standardwebhooks';
import type { Claimed } from '../finetuning/webhooks/store.ts';

type Signed = Pick<Claimed, 'id' | 'secret' | 'previous_secret' | 'previous_until'>;

/** The secret before signs too while its receiver may not know the new one yet. */
export function signatures({ id, secret, previous_secret, previous_until }: Signed, body: string, now: string) {
  const isKept = previous_secret !== null && previous_until !== null && now < previous_until;
  const at = new Date(now);
  const signed = [secret, ...(isKept ? [previous_secret] : [])].map((key) => new Webhook(key).sign(id, at, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signed.join(' '),
  };
}
