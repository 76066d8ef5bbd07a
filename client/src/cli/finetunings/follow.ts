// `goldtune finetunings watch` and `wait`: a run is followed to its end, and the exit code says which end it was.
import type { Command } from 'commander';
import type { Finetuning } from '../../generated/router.ts';
import type { Outcome } from '../exit-codes.ts';
import { explainIn } from '../help.ts';
import { untilInterrupted } from '../interrupt.ts';
import { seconds, wholeNumber } from '../option-values.ts';
import { endAs, openSession, type Session } from '../session.ts';
import { liveView, type View } from './live-view.ts';
import { endText, eventText, outcomeOfRun, runText } from './run-text.ts';

export const followOutcomes: readonly Outcome[] = ['done', 'failed', 'cancelled', 'interrupted'];

export function addFollowing(finetunings: Command): void {
  const watch = finetunings
    .command('watch')
    .description('show what happens to a run until it ends; Ctrl-C ends the watching only')
    .argument('<id>', 'of the finetuning')
    .option('--after <number>', 'only events after this one', wholeNumber, 0)
    .option('--timeout <seconds>', 'how long at most (default: as long as it takes)', seconds)
    .action((id: string, options: Limit & { after: number }, command: Command) =>
      follow(openSession(command), id, options),
    );
  explainIn(
    watch,
    [
      'goldtune finetunings watch 656777c9eb4e22533dc43fd0',
      'goldtune finetunings watch 656777c9eb4e22533dc43fd0 --json | jq .progress',
    ],
    [...followOutcomes, 'pending', 'unreachable'],
  );

  const wait = finetunings
    .command('wait')
    .description('wait in silence for the end of a run, then show it')
    .argument('<id>', 'of the finetuning')
    .option('--timeout <seconds>', 'how long at most (default: as long as it takes)', seconds)
    .action(async (id: string, { timeout }: Limit, command: Command) => {
      const session = openSession(command);
      const run = await untilInterrupted('stopped waiting; the run goes on', (signal) =>
        session.goldtune.waitFor(id, { signal, timeout: milliseconds(timeout) }),
      );
      session.show(run, () => runText(run, session.paint));
      endAs(outcomeOfRun(run));
    });
  explainIn(
    wait,
    ['goldtune finetunings wait 656777c9eb4e22533dc43fd0 --timeout 3600 && echo succeeded'],
    [...followOutcomes, 'pending', 'unreachable'],
  );
}

type Limit = { timeout?: number };

const milliseconds = (seconds = Number.POSITIVE_INFINITY) => seconds * 1000;

export async function follow(
  session: Session,
  id: string,
  { after = 0, timeout }: Limit & { after?: number } = {},
): Promise<void> {
  const { goldtune, json, line, paint } = session;
  const run = await untilInterrupted('stopped watching; the run goes on', async (signal) => {
    const view = session.watched ? liveView(session, id, signal) : lineView(session);
    let ended: Finetuning | undefined;
    try {
      for await (const event of goldtune.watch(id, { after, signal, timeout: milliseconds(timeout) })) view.tell(event);
      ended = await goldtune.finetunings.get.query({ id }, { signal });
      return ended;
    } finally {
      view.close(ended);
    }
  });
  if (!json) line(run, () => endText(run, paint));
  endAs(outcomeOfRun(run));
}

const lineView = ({ line, paint }: Session): View => ({
  tell: (event) => line(event, () => eventText(event, paint)),
  close: () => {},
});
