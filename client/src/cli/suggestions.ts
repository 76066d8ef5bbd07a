// What a misspelt command line may have meant, at every level: commander itself looks within one.
import type { Command } from 'commander';
import { closest, distance } from 'fastest-levenshtein';

/** What people call them elsewhere. */
const nouns: Record<string, readonly string[]> = {
  connections: ['connection', 'database', 'databases', 'db', 'dbs', 'database-connections', 'db-connections'],
  records: ['golden', 'golden-records', 'golden-sqls', 'examples', 'pairs', 'questions'],
  finetunings: ['finetune', 'fine-tune', 'fine-tuning', 'fine-tunings', 'ft', 'run', 'job', 'model', 'training'],
  audit: ['audits', 'audit-log', 'auditlog', 'activity', 'who'],
  keys: ['key', 'api-key', 'api-keys', 'apikey', 'apikeys', 'token', 'tokens', 'credentials'],
  webhooks: ['webhook', 'hook', 'hooks', 'endpoint', 'endpoints', 'webhook-endpoints', 'notifications'],
  people: ['person', 'members', 'member', 'users', 'user', 'team'],
  whoami: ['who', 'me'],
  providers: ['provider', 'host', 'hosts', 'backend', 'backends', 'cluster', 'clusters', 'models'],
};
const verbs: Record<string, readonly string[]> = {
  create: ['add', 'new', 'start', 'launch', 'submit'],
  list: ['ls', 'ps'],
  get: ['show', 'describe', 'inspect', 'view', 'status'],
  update: ['edit', 'set', 'rename', 'change'],
  delete: ['rm', 'remove', 'del'],
  cancel: ['stop', 'abort', 'kill'],
  rotate: ['renew', 'roll', 'replace'],
  revoke: ['rm', 'remove', 'del', 'delete', 'disable', 'invalidate'],
  'rotate-secret': ['rotate', 'renew', 'roll'],
  deliveries: ['delivery', 'sent'],
  redeliver: ['resend', 'replay', 'retry'],
  ping: ['test', 'try'],
  watch: ['follow', 'tail'],
  events: ['history', 'timeline'],
  logs: ['log', 'output', 'stdout', 'printed'],
  import: ['upload', 'load', 'add'],
};

/** So that an unknown command is refused with what may have been meant, wherever in the tree that is. */
export function suggestIn(program: Command): void {
  for (const command of [program, ...program.commands.filter((sub) => sub.commands.length > 0)]) {
    command.on('command:*', (words: string[]) => refuseUnknown(command, words));
  }
}

/** @param words what stands where `at` has no such command, and what follows. @throws CommanderError */
export function refuseUnknown(at: Command, words: readonly string[]): never {
  const meant = didYouMean(commandsMeant(at, words)) || `; \`${pathOf(at).join(' ')} --help\` shows those there are`;
  return at.error(`unknown command '${words[0]}'${meant}`);
}

/** What commander says of an unknown option; it looks for those of the command at hand, and of those above it. */
export function withOptionMeant(program: Command, said: string): string {
  const [refusal, flag = ''] = /^unknown option '(--[\w-]+)[^']*'/.exec(said) ?? [];
  if (refusal === undefined) return said;
  const commands = program.commands.flatMap((group) => group.commands);
  const flags = commands.flatMap((command) => command.options.flatMap(({ long }) => long ?? []));
  const meant = flags.includes(flag) || said.trim() === refusal ? nearest(flag, flags) : null;
  const owner = commands.find((command) => command.options.some(({ long }) => long === meant));
  if (meant === null || !owner) return said;
  return `${refusal} (${meant === flag ? '' : `Did you mean ${meant}? `}It stands after the command that has it, such as \`${pathOf(owner).join(' ')}\`)`;
}

/** Whole command lines. */
export function commandsMeant(at: Command, words: readonly string[]): string[] {
  const [word = '', ...rest] = words;
  const line = (command: Command, operands: readonly string[]) =>
    `\`${[...pathOf(command), ...operands.slice(0, MOST_OPERANDS)].join(' ')}\``;
  const here = named(at, word);
  if (here) {
    // A group, and perhaps its command, misspelt or not.
    const [next = '', ...operands] = rest;
    const sub = named(here, next);
    return [sub ? line(sub, operands) : line(here, here.commands.length > 0 ? [] : rest)];
  }
  const groups = (at.parent ?? at).commands.filter((group) => group !== at && group.commands.length > 0);
  return groups.flatMap((group) => named(group, word) ?? []).map((sub) => line(sub, rest));
}

const MOST_OPERANDS = 3;

export const pathOf = (command: Command): string[] => [
  ...(command.parent ? pathOf(command.parent) : []),
  command.name(),
];

/** The visible command right below that the word means. */
function named(parent: Command, word: string): Command | undefined {
  const below = parent.createHelp().visibleCommands(parent);
  const byName = (name: string | null) => below.find((command) => command.name() === name);
  const called = ([...names]: readonly string[]) => names.includes(word) || names.includes(word.replace(/s$/, ''));
  const other = { ...nouns, ...verbs };
  return (
    byName(word) ??
    below.find((command) => called(other[command.name()] ?? [])) ??
    byName(
      nearest(
        word,
        below.map((command) => command.name()),
      ),
    )
  );
}

/** Empty where there is nothing to suggest; in commander's own form. */
export const didYouMean = (meant: readonly string[]): string =>
  meant.length === 0 ? '' : ` (Did you mean ${meant.length > 1 ? 'one of ' : ''}${meant.join(', ')}?)`;

/** Null where none is near enough to be meant: as near as commander asks for, which suggests options. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0) return null;
  const best = closest(word.toLowerCase(), candidates);
  const edits = distance(word.toLowerCase(), best);
  return edits <= 3 && edits < 0.6 * Math.max(word.length, best.length) ? best : null;
}
