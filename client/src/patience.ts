// How long goldtune may be out of reach while a run is followed: longer than a restart takes, and not for ever.

export const DEFAULT_OUTAGE_MS = 300_000;

export type Patience = {
  /** goldtune has answered. */
  heard(): void;
  /** @throws the error where nothing was heard for too long. */
  failed(error: unknown): void;
};

export function startPatience(outage: number): Patience {
  let last = performance.now();
  return {
    heard() {
      last = performance.now();
    },
    failed(error) {
      if (performance.now() - last >= outage) throw error;
    },
  };
}
