// How a limit stands, in the headers that are to be the standard for it: draft-ietf-httpapi-ratelimit-headers-10 (2025-09).
import type { Standing } from '../finetuning/limits.ts';

/** Of what is open at once there is no window; left out, the unit is requests, however long they take. */
const policy = ({ policy, most, window_s }: Standing) =>
  `"${policy}";q=${most}${window_s === null ? ';qu="concurrent-requests"' : `;w=${window_s}`}`;

const rest = ({ policy, left, reset_s }: Standing) => `"${policy}";r=${left};t=${reset_s}`;

export const limitHeaders = (standing: Standing) => ({
  'ratelimit-policy': policy(standing),
  ratelimit: rest(standing),
});

/** With when to come back. */
export const refusedHeaders = (standing: Standing) => ({
  ...limitHeaders(standing),
  'retry-after': String(standing.reset_s),
});
