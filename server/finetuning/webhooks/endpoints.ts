// Webhook endpoints: made, changed, their secret replaced, and asked to be told something.
import { randomBytes } from 'node:crypto';
import type { CreateInput, UpdateInput } from '../contract/webhook-endpoints.ts';
import type { Dependencies } from '../dependencies.ts';
import { invalid, notFound } from '../errors.ts';
import { later } from '../lifecycle/state.ts';
import { newId } from '../object-id.ts';
import type { Page } from '../paging.ts';
import { actorOf, type Principal } from '../principal.ts';
import { isAddress, whyNotPublic } from './public-address.ts';
import type { Delivery, WebhookEndpoint } from './store.ts';

/** Each change of a run is written for each of them. */
const MOST_ENDPOINTS = 20;
/** As Standard Webhooks has it: 24 to 64. */
const SECRET_BYTES = 32;

const newSecret = () => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

export function webhookEndpointsFor({ store, clock, settings }: Dependencies, principal: Principal) {
  const { organization_id } = principal;
  const by = actorOf(principal);
  const { webhooks } = store;
  const known = <T>(found: T | null, id: string): T => {
    if (found === null) throw notFound('Webhook endpoint', id);
    return found;
  };
  const checked = (url: string) => checkedAddress(url, settings.webhook_private_addresses === true);

  return {
    create: async (input: CreateInput): Promise<WebhookEndpoint> => {
      const now = clock();
      const endpoint: WebhookEndpoint = {
        id: newId(),
        organization_id,
        url: checked(input.url),
        description: input.description ?? null,
        types: input.types ?? null,
        enabled: true,
        disabled_reason: null,
        secret: newSecret(),
        previous_secret: null,
        previous_until: null,
        created_at: now,
        updated_at: now,
      };
      if (await webhooks.insert(endpoint, MOST_ENDPOINTS, by)) return endpoint;
      throw invalid(['body'], `There are ${MOST_ENDPOINTS} webhook endpoints already; delete one first`);
    },
    get: async (id: string) => known(await webhooks.find(organization_id, id), id),
    list: (page: Page) => webhooks.list(organization_id, page),
    update: async (id: string, input: UpdateInput): Promise<WebhookEndpoint> => {
      const { url, ...others } = input;
      const changes = {
        ...others,
        ...(url === undefined ? {} : { url: checked(url) }),
        ...(input.enabled ? { disabled_reason: null } : {}),
      };
      return known(await webhooks.update(organization_id, id, changes, clock(), by), id);
    },
    rotateSecret: async (id: string, overlap_ms: number): Promise<WebhookEndpoint> => {
      const now = clock();
      const next = { secret: newSecret(), previous_until: later(now, overlap_ms) };
      return known(await webhooks.rotate(organization_id, id, next, now, by), id);
    },
    delete: async (id: string) => {
      if (!(await webhooks.delete(organization_id, id, clock(), by))) throw notFound('Webhook endpoint', id);
    },
    ping: async (id: string): Promise<Delivery> => known(await webhooks.ping(organization_id, id, clock()), id),
    deliveries: async (id: string, page: Page): Promise<Delivery[]> => {
      known(await webhooks.find(organization_id, id), id);
      return webhooks.deliveries(organization_id, id, page);
    },
    redeliver: async (id: string, delivery_id: string): Promise<Delivery> => {
      const found = await webhooks.redeliver(organization_id, id, delivery_id, clock(), by);
      if (!found) throw notFound('Delivery', delivery_id);
      return found;
    },
  };
}

/** A name is looked up when something is sent, each time; an address can be told now. */
function checkedAddress(given: string, allowsPrivate: boolean): string {
  const refuse = (why: string) => invalid(['body', 'url'], `url ${why}`);
  if (!URL.canParse(given)) throw refuse('is no address; write it as https://host/path');
  const url = new URL(given);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('must begin with https://');
  if (url.username || url.password) throw refuse('must hold no user name or password: it is shown to whoever lists');
  if (allowsPrivate) return url.href;
  if (url.protocol !== 'https:')
    throw refuse('must begin with https://: what is told would be read on the way; see WEBHOOK_PRIVATE_ADDRESSES');
  const why = isAddress(url.hostname) ? whyNotPublic(url.hostname) : null;
  if (why) throw refuse(`leads to ${url.hostname}, which is ${why}; see WEBHOOK_PRIVATE_ADDRESSES`);
  return url.href;
}
