// What callers did in words: a table of it. Pure.
import type { AuditEntry } from '../../generated/router.ts';
import { table } from '../table.ts';
import { oneLine, shortened, timeColumn, timeText } from '../text.ts';

export const auditTable = (found: readonly AuditEntry[], width: number | null): string =>
  table(
    [timeColumn('at', width), { name: 'who', least: 8 }, 'what', 'to', 'from', 'key or person'],
    found.map(({ created_at, by, type, about }) => [
      timeText(created_at, width),
      by && shortened(by.name),
      oneLine(type),
      about.id,
      by?.from && oneLine(by.from),
      by && oneLine(by.id),
    ]),
    width,
  );
