// How far a training is, from the files its trainer writes: trainer_log.jsonl (LLaMA-Factory), trainer_state.json (Hugging Face).
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { JobProgress } from '../../finetuning/provider.ts';
import type { JobFolder } from './folders.ts';
import { readTail } from './untrusted-file.ts';

/** Of the log only the newest lines count; a state holds all of its history. */
const LOG_BYTES = 64_000;
const STATE_BYTES = 16_000_000;
const MOST_CHECKPOINTS = 1000;

const LARGEST = 1e12;
const step = z.int().min(0).max(LARGEST).nullish().catch(null);
const loss = z.number().min(-LARGEST).max(LARGEST).nullish().catch(null);

const line = z.object({ current_steps: step, total_steps: step, loss, eval_loss: loss });
const state = z.object({
  global_step: step,
  max_steps: step,
  log_history: z.array(z.object({ step, loss, train_loss: loss, eval_loss: loss }).catch({ step: null })).catch([]),
});

/** Null where it has reported nothing yet. */
export async function progressOf(job: JobFolder): Promise<JobProgress | null> {
  return (await fromLog(job)) ?? (await fromState(job));
}

async function fromLog(job: JobFolder): Promise<JobProgress | null> {
  const tail = await readTail(job.root, join(job.output, 'trainer_log.jsonl'), LOG_BYTES);
  if (!tail) return null;
  const lines = tail.text.split('\n').flatMap((text) => line.safeParse(json(text)).data ?? []);
  return newest(
    lines.map(({ current_steps, total_steps, loss: train_loss, eval_loss }) => ({
      step: current_steps ?? null,
      total_steps: total_steps ?? null,
      train_loss: train_loss ?? null,
      valid_loss: eval_loss ?? null,
    })),
  );
}

/** While it trains, the state is in the newest checkpoint only. */
async function fromState(job: JobFolder): Promise<JobProgress | null> {
  const steps = (await readdir(job.output).catch(() => []))
    .flatMap((name) => /^checkpoint-(\d{1,12})$/.exec(name)?.[1] ?? [])
    .slice(0, MOST_CHECKPOINTS)
    .toSorted((one, other) => Number(other) - Number(one));
  for (const place of ['.', ...(steps[0] ? [`checkpoint-${steps[0]}`] : [])]) {
    const tail = await readTail(job.root, join(job.output, place, 'trainer_state.json'), STATE_BYTES);
    const parsed = tail?.whole ? state.safeParse(json(tail.text)).data : undefined;
    if (!parsed) continue;
    const known = newest(
      parsed.log_history.map((entry) => ({
        step: entry.step ?? null,
        total_steps: null,
        train_loss: entry.loss ?? entry.train_loss ?? null,
        valid_loss: entry.eval_loss ?? null,
      })),
    );
    return {
      train_loss: known?.train_loss ?? null,
      valid_loss: known?.valid_loss ?? null,
      step: parsed.global_step ?? known?.step ?? null,
      total_steps: parsed.max_steps ?? null,
    };
  }
  return null;
}

/** What was said last of each; a loss that is reported rarely may be older. */
function newest(reports: readonly JobProgress[]): JobProgress | null {
  if (reports.length === 0) return null;
  const last = (key: keyof JobProgress) => reports.findLast((report) => report[key] !== null)?.[key] ?? null;
  return {
    step: last('step'),
    total_steps: last('total_steps'),
    train_loss: last('train_loss'),
    valid_loss: last('valid_loss'),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
