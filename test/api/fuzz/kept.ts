// What was accepted is there as it was sent, in the answer and for whoever reads it later.
import { isDeepStrictEqual } from 'node:util';
import { type Things, unmarked } from './marks.ts';
import type { Door, Sent } from './requests.ts';
import type { Told } from './sending.ts';

/** What is stored as it is given. Of a name for people the blanks around it are left out. */
const AS_GIVEN = [
  'prompt_text',
  'sql',
  'schema_sql',
  'metadata',
  'description',
  'types',
  'enabled',
  'db_connection_id',
];
const TRIMMED = ['alias', 'dialect', 'name'];
/** What is stored of an address is how it is sent: `é` in it is encoded. */
const ADDRESS = 'url';

const STORES = /^(POST|PUT) \/api\/v1\/[^/]+(\/\{\w+\})?$|\.(create|add|update)$/;

/** @returns pairs of what was sent and what is told of it, where they differ. */
export function notKept(door: Door, sent: Sent, told: Told, present: Things): unknown[] {
  const isMeant = STORES.test(door.name) && ['POST', 'PUT'].includes(sent.method) && sent.body?.encoding === 'utf8';
  if (!isMeant || told.status >= 300 || sent.path.includes('batch=1')) return [];
  const given = json(unmarked(sent.body?.text ?? '', present));
  const answer = json(told.text);
  const result: unknown = door.isTrpc ? Object(Object(answer).result).data : answer;
  return different(given, result);
}

function different(given: unknown, told: unknown): unknown[] {
  if (Array.isArray(given) && Array.isArray(told)) {
    // Of several that are alike one is stored, and all are answered with it.
    const alone = ({ prompt_text, sql }: Record<string, unknown>) =>
      given.filter((other) => Object(other).prompt_text === prompt_text && Object(other).sql === sql).length < 2;
    return given.flatMap((item, index) => (alone(Object(item)) ? different(item, told[index]) : []));
  }
  // What was there before is shown as it is.
  if (!isObject(given) || !isObject(told) || told['duplicate'] || told['replayed']) return [];
  return Object.entries(given).flatMap(([name, value]) => {
    if (name === ADDRESS && typeof value === 'string' && typeof told[name] === 'string') {
      return new URL(value).href === told[name] ? [] : [{ name, sent: value, kept: told[name] }];
    }
    const isKnown = (AS_GIVEN.includes(name) || TRIMMED.includes(name)) && Object.hasOwn(told, name);
    if (!isKnown || value === null) return [];
    const trims = TRIMMED.includes(name) && typeof value === 'string' && typeof told[name] === 'string';
    const [sent, kept] = trims ? [value.trim(), String(told[name]).trim()] : [value, told[name]];
    return isDeepStrictEqual(sent, kept) ? [] : [{ name, sent, kept }];
  });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
