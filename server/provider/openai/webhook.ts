// OpenAI's webhooks: the official client says whether one is OpenAI's, and of its body only the job is read.
import { z } from 'zod';
import type { ReadWebhook } from '../../finetuning/provider.ts';
import { openAiClient } from './client.ts';

/** What of a fine-tuning job is told; all else goes on elsewhere in the project. */
const jobEvent = z.object({
  type: z.enum(['fine_tuning.job.succeeded', 'fine_tuning.job.failed', 'fine_tuning.job.cancelled']),
  data: z.object({ id: z.string().min(1).max(256) }),
});

/** Stands in the timeline of a run. */
const webhookId = z.string().regex(/^[\x21-\x7e]{1,256}$/);

/** Byte for byte as it was signed. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @param secrets any of them proves it: while one is being changed there are two */
export function webhookReader(secrets: readonly string[]): ReadWebhook {
  const { webhooks } = openAiClient({ apiKey: 'nothing is sent' });

  /** @returns why none of them proves it; null: one does */
  async function doubt(text: string, headers: Headers): Promise<string | null> {
    let reason = 'there is no signing secret';
    for (const secret of secrets) {
      try {
        await webhooks.verifySignature(text, headers, secret);
        return null;
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
    }
    return reason;
  }

  return async (body, headers) => {
    let text: string;
    try {
      text = utf8.decode(body);
    } catch {
      return { kind: 'unproven', reason: 'The body is not UTF-8' };
    }
    const reason = await doubt(text, headers);
    if (reason !== null) return { kind: 'unproven', reason };
    const id = webhookId.safeParse(headers.get('webhook-id'));
    const event = jobEvent.safeParse(jsonIn(text));
    return id.success && event.success
      ? { kind: 'hint', id: id.data, job_id: event.data.data.id }
      : { kind: 'nothing' };
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
