// What the domain is given from outside; app.ts makes it.
import type { Provider, Providers } from './provider.ts';
import type { Sightings } from './sightings.ts';
import type { Store } from './store.ts';

/** Now, as ISO 8601 in UTC. A time for people and for schedules: no proof rests on it, for clocks differ and step. */
export type Clock = () => string;

export type Log = {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
};

export type Settings = {
  /** Of the standard provider; null where a request has to name one. */
  default_model: string | null;
  /** Of the others, by their names; where one is left out, the first that it trains. */
  default_models?: Readonly<Record<string, string>>;
  /** Marks our jobs at the provider, so that two installations on one account leave each other's alone (I11). */
  deployment: string;
  /** Whether the janitor stops jobs that carry our tag and that we have no record of; otherwise it only reports them. */
  stop_unknown_jobs: boolean;
  /** Whether webhooks may be sent into this network; left out: they may not. */
  webhook_private_addresses?: boolean;
  settle_window_ms: number;
  poll_interval_ms: number;
  /** How long a provider request may take; an upload gets more, by its size. */
  provider_timeout_ms: number;
};

export type Dependencies = {
  store: Store;
  providers: Providers;
  clock: Clock;
  /** What this process has seen of the runs, by its own monotonic clock: what proofs rest on. */
  sightings: Sightings;
  log: Log;
  /** A directory of this process, for files that are needed for a moment. */
  scratch: () => string;
  settings: Settings;
};

/** The same, at the provider that a run belongs to. */
export type AtProvider = Dependencies & { provider: Provider };
