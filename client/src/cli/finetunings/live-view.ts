// What somebody who looks on sees of a run: its events as they come, and below them a bar that says how it stands now.
import type { Finetuning, FinetuningEvent } from '../../generated/router.ts';
import { drawBar } from '../progress-bar.ts';
import type { Session } from '../session.ts';
import { eventText, statusText, stepText, waitingText } from './run-text.ts';

export type View = {
  tell(event: FinetuningEvent): void;
  /** `ended`: the run, where it was followed to its end. */
  close(ended?: Finetuning): void;
};

/** How often the run itself is looked at: what it waits for, and when it is tried next, is no event each time. */
const LOOK_EVERY_MS = 5000;

export function liveView({ goldtune, paint }: Session, id: string, signal: AbortSignal): View {
  const bar = drawBar(100);
  let run: Finetuning | null = null;
  let looking = false;
  let lookAgain = false;
  let closed = false;

  const draw = () => {
    if (!run || closed) return;
    const detail = run.waiting ? waitingText(run.waiting) : (stepText(run.progress) ?? '');
    bar.update(run.progress?.percent ?? 0, { label: statusText(run).padEnd(16), detail });
  };
  /** A look that fails is made up for by the next. */
  const look = async () => {
    // What is asked for already may be older than the event just told.
    lookAgain = looking;
    if (looking) return;
    looking = true;
    do {
      lookAgain = false;
      run = await goldtune.finetunings.get.query({ id }, { signal }).catch(() => run);
      draw();
    } while (lookAgain && !closed);
    looking = false;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  void look();

  return {
    tell(event) {
      // It moves the bar.
      if (event.type !== 'progressed') bar.say(eventText(event, paint));
      if (run && (event.status || event.progress)) {
        run = { ...run, status: event.status ?? run.status, progress: event.progress ?? run.progress };
      }
      draw();
      if (event.type !== 'progressed') void look();
    },
    close(ended) {
      run = ended ?? run;
      draw();
      closed = true;
      clearInterval(timer);
      bar.stop();
    },
  };
}
