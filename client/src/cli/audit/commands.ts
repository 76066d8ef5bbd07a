// `goldtune audit`: what callers did, and who, a page at a time or all of it as lines.
import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { each } from '../../each.ts';
import type { RouterInputs } from '../../generated/router.ts';
import { explainIn } from '../help.ts';
import { ago } from '../option-values.ts';
import { oneOf } from '../options.ts';
import { hintAtMore, type Page, paged } from '../paging.ts';
import { openSession, type Session } from '../session.ts';
import { auditTable } from './audit-text.ts';

type Asked = Extract<RouterInputs['audit']['list'], object>;
type Filter = Pick<Asked, 'by' | 'type' | 'since' | 'until'>;
type Given = Page & Filter & { finetuning?: string; jsonl?: true };

const types: readonly NonNullable<Filter['type']>[] = [
  'created',
  'updated',
  'cancel_requested',
  'cancelled',
  'cancel_too_late',
  'delete_requested',
  ...(['key_created', 'key_rotated', 'key_revoked'] as const),
  ...(['webhook_endpoint_created', 'webhook_endpoint_updated', 'webhook_secret_rotated'] as const),
  ...(['webhook_endpoint_deleted', 'webhook_redelivered'] as const),
  ...(['db_connection_created', 'db_connection_updated', 'db_connection_deleted'] as const),
  ...(['golden_records_added', 'golden_record_deleted', 'bulk_cancel_started'] as const),
];

export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('what callers did, newest first: who, with which key, from where')
    .option('--finetuning <id>', 'only what was done to this run')
    .option('--by <id>', 'only what was done by this key or person')
    .addOption(new Option('--type <type>', 'only what is of this type').choices(types).argParser(oneOf(types)))
    .option('--since <time>', 'only what was done since: 24h ago, or at 2026-11-20T00:00:00Z', ago)
    .option('--until <time>', 'only what was done before then', ago)
    .option('--jsonl', 'all of it, whatever --limit says: a line of JSON each');
  paged(audit).action(async ({ limit, after, jsonl, finetuning, ...filter }: Given, command: Command) => {
    const session = openSession(command);
    const asked = { ...filter, finetuning_id: finetuning };
    if (jsonl) return printAll(session, after === undefined ? asked : { ...asked, after });
    const list = (page: Partial<Page>) => session.goldtune.audit.list.query({ ...asked, limit, after, ...page });
    const found = await list({});
    session.show(found, () => auditTable(found, session.width));
    await hintAtMore(session, found, list);
  });
  explainIn(
    audit,
    [
      'goldtune audit --type cancel_requested --since 7d',
      'goldtune audit --by 656a1c10eb4e22533dc44001',
      'goldtune audit --since 2026-11-01T00:00:00Z --until 2026-12-01T00:00:00Z --jsonl > november.jsonl',
    ],
    ['invalid', 'denied', 'unreachable'],
  );
}

/** Ends as a failure does where not all of it came. */
async function printAll({ goldtune, line }: Session, asked: Asked): Promise<void> {
  for await (const entry of each(goldtune.audit.list, asked, { pageSize: 1000 })) {
    line(entry, () => JSON.stringify(entry));
    // Whoever reads it may be slow.
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  }
}
