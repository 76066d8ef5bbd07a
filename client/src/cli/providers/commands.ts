// `goldtune providers …`: who trains, whether each answers, and what a stop rests on there.
import type { Command } from 'commander';
import { explainIn } from '../help.ts';
import { complain, endAs, openSession } from '../session.ts';
import { didYouMean, nearest } from '../suggestions.ts';
import { oneLine } from '../text.ts';
import { providerTable, providerText } from './provider-text.ts';

export function addProviders(program: Command): void {
  const providers = explainIn(
    program.command('providers').description('who trains: what is configured, what it guarantees, and its models'),
    ['goldtune providers list'],
  );

  const list = providers
    .command('list')
    .description('list the providers, the standard one first, and whether each answers')
    .action(async (_options: object, command: Command) => {
      const session = openSession(command);
      const found = await session.goldtune.providers.list.query();
      session.show(found, () => providerTable(found, session.width));
    });
  explainIn(
    list,
    ['goldtune providers list', 'goldtune providers list --json | jq -r ".[] | .name, .models[].name"'],
    ['denied', 'unreachable'],
  );

  const get = providers
    .command('get')
    .description('show one provider: its guarantees, and its models with prices, limits and dates')
    .argument('<name>', 'as the configuration gives it')
    .action(async (name: string, _options: object, command: Command) => {
      const session = openSession(command);
      const all = await session.goldtune.providers.list.query();
      const found = all.find((provider) => provider.name === name);
      if (found) return session.show(found, () => providerText(found, session.width));
      const names = all.map((provider) => provider.name);
      const meant = nearest(name, names);
      const guess = didYouMean(meant === null ? [] : [meant]);
      complain(oneLine(`there is no provider ${name}; configured: ${names.join(', ')}${guess}`));
      return endAs('not_found');
    });
  explainIn(get, ['goldtune providers get openai'], ['not_found', 'denied', 'unreachable']);
}
