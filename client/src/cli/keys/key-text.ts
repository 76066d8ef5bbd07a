// Keys in words: a table of them, and what is said beside a key that was just made. Pure.
import type { ApiKey } from '../../generated/router.ts';
import { table } from '../table.ts';
import { shortened, timeColumn, timeText } from '../text.ts';

const at = (time: string | null, width: number | null) => time && timeText(time, width);

export const keyTable = (found: readonly ApiKey[], width: number | null): string =>
  table(
    [
      'id',
      { name: 'name', least: 8 },
      'may',
      'standing',
      timeColumn('expires', width),
      timeColumn('last used', width),
      'begins with',
    ],
    found.map((key) => [
      key.id,
      shortened(key.name),
      key.scopes.join(','),
      key.standing,
      at(key.expires_at, width),
      at(key.last_used_at, width),
      key.hint,
    ]),
    width,
  );

export const madeText = ({ id, name, scopes, expires_at }: ApiKey): string =>
  `Key ${id}, "${shortened(name)}", may ${scopes.join(', ')}, and ${expires_at === null ? 'does not expire' : `expires at ${expires_at}`}. It is shown this once: keep it now.`;

export const replacedText = ({ id, standing, expires_at }: ApiKey): string =>
  standing === 'valid'
    ? `The old one, ${id}, opens until ${expires_at}.`
    : `The old one, ${id}, opens nothing any more.`;
