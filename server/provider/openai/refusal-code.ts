// What a refusal means: by the rules of the host, then by its words, then by its status.
import type { Refusal } from '../../finetuning/provider.ts';
import type { ErrorBody } from './error-body.ts';
import { PROVING, type Profile } from './profile.ts';

/** As Azure and OpenAI say that a file they have is not imported yet. */
const NOT_READY = /\bnot (yet )?(been )?(ready|processed|imported)\b|\bstill being (processed|imported|validated)\b/i;

/** Of money or a quota that somebody has to add to. A limit on how often one may ask passes by itself. */
const EXHAUSTED_CODES =
  /^(insufficient_?quota|quota_?exceeded|billing_hard_limit_reached|billing_not_active|insufficient_?(funds|balance|credits?))$/i;
const EXHAUSTED =
  /\bexceeded your (current|monthly) quota\b|\bbilling hard limit\b|\b(insufficient|not enough) (\w+ )?(credits?|funds|balance|quota)\b|\b(out of|no( \w+)? (remaining|prepaid)?) ?credits?\b|\bcredits? (balance|limit) (is|was|has been) (too low|exhausted|exceeded|reached)\b|\bprepaid credits?\b/i;
const RATE_LIMIT = /^rate_?limit|^too_?many_?requests|\brate limit\b/i;

/**
 * That training itself has ended there. A model that is not trained any more is another matter: others are.
 */
const WIND_DOWN =
  /\bfine-?tun\w*\b.*\b(no longer|wound down|winding down|shut(ting)? down|discontinued|retired|sunset|has ended|closed to)\b|\b(no longer|not)\b (\w+ ){0,4}(access|eligible|accept\w*|offer\w*|available)\b.*\bfine-?tun\w*\b.*\b(organi[sz]ation|account|new (users|customers))\b|\bno longer\b.*\b(create|creating|offer\w*|support\w*|accept\w*)\b.*\bfine-?tun/i;
const ONE_MODEL = /\b(this|that|the) model\b|\bmodel\b[\s:'"`]+\S*\d/i;
/** What is said of models beside it, as that those that exist go on, takes nothing back. */
const OF_MODELS = /\bmodels?\b/i;
const BETWEEN_SENTENCES = /(?<=[.!?])\s+/;

/** Whether a request makes a file or a job, or is about one that there is. */
export type Act = 'makes' | 'about';

/** @returns null where the status does not prove that nothing was executed */
export function refusalCode(
  status: number,
  body: ErrorBody,
  rules: Profile['refusals'],
  act: Act,
): Refusal['code'] | null {
  if (!PROVING.has(status)) return null;
  const isOfNoPath = status === 404 && body.byRouter;
  if (isOfNoPath && act === 'makes') return null;
  const ruled = rules.find((rule) => fits(rule, status, body))?.means;
  if (isOfNoPath) return ruled ?? null;
  return ruled ?? byWords(status, body) ?? byStatus(status);
}

function fits({ status, code, says }: Profile['refusals'][number], given: number, body: ErrorBody): boolean {
  return (
    (status === undefined || status === given) &&
    (code === undefined || body.codes.some((one) => one.toLowerCase() === code.toLowerCase())) &&
    [says ?? []].flat().every((part) => body.message.toLowerCase().includes(part.toLowerCase()))
  );
}

function byWords(status: number, { message, codes }: ErrorBody): Refusal['code'] | null {
  switch (status) {
    case 401:
    case 404:
      return null;
    case 429:
      return isExhausted(message, codes) ? 'exhausted' : null;
    case 403:
      return isExhausted(message, codes) ? 'exhausted' : isWindDown(message) ? 'closed' : null;
    default:
      if (NOT_READY.test(message)) return 'not_ready';
      return isExhausted(message, codes) ? 'exhausted' : isWindDown(message) ? 'closed' : null;
  }
}

const isExhausted = (message: string, codes: string[]) =>
  codes.some((code) => EXHAUSTED_CODES.test(code)) ||
  (EXHAUSTED.test(message) && ![message, ...codes].some((said) => RATE_LIMIT.test(said)));

function isWindDown(message: string): boolean {
  const ofTraining = message.split(BETWEEN_SENTENCES).filter((sentence) => !OF_MODELS.test(sentence));
  return WIND_DOWN.test(ofTraining.join(' ')) && !ONE_MODEL.test(message);
}

function byStatus(status: number): Refusal['code'] {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 402:
      return 'exhausted';
    case 403:
      return 'forbidden';
    case 404:
      return 'missing';
    case 410:
      return 'closed';
    case 429:
      return 'busy';
    default:
      return 'invalid';
  }
}
