// `goldtune whoami`: who the key stands for, in which organization, and what it may do.
import type { Command } from 'commander';
import { explainIn } from '../help.ts';
import { openSession } from '../session.ts';
import { oneLine } from '../text.ts';

export function addWhoAmI(program: Command): void {
  const whoAmI = program
    .command('whoami')
    .description('say who the key stands for, and what it may do')
    .action(async (_options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const me = await goldtune.me.get.query();
      show(me, () => oneLine(`${me.name}, of ${me.organization.name}: may ${me.scopes.join(', ')}`));
    });
  explainIn(whoAmI, ['goldtune whoami', 'goldtune whoami --json | jq -r .organization.id'], ['denied', 'unreachable']);
}
