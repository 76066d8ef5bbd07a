// People and invitations in words: tables of them, and what is said beside a link that was just made. Pure.
import type { Invitation, Member } from '../../generated/router.ts';
import { table } from '../table.ts';
import { shortened, timeColumn, timeText } from '../text.ts';

export const peopleTable = (found: readonly Member[], width: number | null): string =>
  table(
    ['id', { name: 'name', least: 8 }, 'e-mail', 'role', timeColumn('joined', width)],
    found.map(({ id, name, email, role, created_at }) => [
      ...[id, shortened(name), shortened(email), role],
      timeText(created_at, width),
    ]),
    width,
  );

export const invitationTable = (found: readonly Invitation[], width: number | null): string =>
  table(
    ['id', 'e-mail', 'role', { name: 'invited by', least: 8 }, timeColumn('expires', width)],
    found.map(({ id, email, role, created_by, expires_at }) => [
      ...[id, email && shortened(email), role, shortened(created_by)],
      timeText(expires_at, width),
    ]),
    width,
  );

export const invitedText = ({ id, email, role, expires_at }: Invitation): string =>
  `Invitation ${id}: ${email ?? 'whoever has the link'} joins as ${role}, until ${expires_at}. It is shown this once, and sent to nobody: give it to them.`;
