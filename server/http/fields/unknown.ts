// A field that is not known: refused where it would have changed what is started, and always told with what was meant.
import type { z } from 'zod';
import { cut } from '../../finetuning/cut.ts';
import { nearestName } from '../../finetuning/nearest.ts';
import { whyIgnored } from './ignored-field.ts';
import { objectIn } from './object-in.ts';

/** @param within the object that does not know the name. */
export function notKnown(name: string, within: z.ZodObject): string {
  const shown = cut(name);
  const meant = nearestName(name, namesOf(within));
  if (meant !== null) return `${shown} is not known; did you mean ${meant}?`;
  const own = ownNames(within);
  return own.length === 0 ? `${shown} is not known` : `${shown} is not known; known are ${own.join(', ')}`;
}

const ownNames = ({ shape }: z.ZodObject) => Object.keys(shape).filter((name) => whyIgnored(shape[name]) === null);

/** Its own names first, then those of the objects within, by the way to them: `base_llm.model_name`. */
function namesOf(object: z.ZodObject, way = ''): string[] {
  const within = ownNames(object).flatMap((name) => {
    const inner = objectIn(object.shape[name]);
    return inner ? namesOf(inner, `${way}${name}.`) : [];
  });
  return [...ownNames(object).map((name) => `${way}${name}`), ...within];
}
