// Webhook endpoints and deliveries in words: tables of them, one of them, and what is said beside a secret. Pure.
import type { Delivery, WebhookEndpoint } from '../../generated/router.ts';
import { table } from '../table.ts';
import { details, oneLine, shortened, timeColumn, timeText } from '../text.ts';

const toldText = ({ types }: WebhookEndpoint) => types?.map(shortType).join(',') ?? 'everything';
const shortType = (type: string) => oneLine(type.replace(/^finetuning\./, ''));
const standingOf = ({ enabled, disabled_reason }: WebhookEndpoint) =>
  enabled ? 'enabled' : disabled_reason === null ? 'disabled' : 'disabled by itself';

export const endpointTable = (found: readonly WebhookEndpoint[], width: number | null): string =>
  table(
    ['id', { name: 'url', least: 20 }, 'standing', { name: 'told', least: 10 }, { name: 'description', least: 8 }],
    found.map((endpoint) => [
      endpoint.id,
      oneLine(endpoint.url),
      standingOf(endpoint),
      toldText(endpoint),
      endpoint.description && shortened(endpoint.description),
    ]),
    width,
  );

export const endpointText = (endpoint: WebhookEndpoint): string =>
  details([
    ['id', endpoint.id],
    ['url', oneLine(endpoint.url)],
    ['description', endpoint.description && oneLine(endpoint.description)],
    ['told', toldText(endpoint)],
    ['standing', standingOf(endpoint)],
    ['why', endpoint.disabled_reason && oneLine(endpoint.disabled_reason)],
    ['old secret signs until', endpoint.previous_secret_until],
    ['created', endpoint.created_at],
    ['updated', endpoint.updated_at],
  ]);

export const deliveryTable = (found: readonly Delivery[], width: number | null): string =>
  table(
    [
      'id',
      'told',
      'of run',
      'state',
      'attempts',
      timeColumn('last', width),
      timeColumn('next', width),
      { name: 'answer', least: 10 },
    ],
    found.map((delivery) => [
      delivery.id,
      shortType(delivery.type),
      delivery.finetuning_id,
      delivery.state,
      delivery.attempts,
      delivery.last_attempt && timeText(delivery.last_attempt.at, width),
      delivery.next_at && timeText(delivery.next_at, width),
      delivery.last_attempt && answerText(delivery.last_attempt),
    ]),
    width,
  );

/** `HTTP 503: upstream is down`, or why there was none. */
function answerText({ status, answer, error }: NonNullable<Delivery['last_attempt']>): string {
  const first = error ?? `HTTP ${status}`;
  return shortened(answer ? `${first}: ${answer}` : first);
}

export const keptText = ({ id, url, previous_secret_until: until }: WebhookEndpoint): string => {
  const old = until === null ? '' : ` The old one signs until ${until}.`;
  return `Endpoint ${id}, ${oneLine(url)}, is signed for by it. It is shown this once: keep it now.${old}`;
};
