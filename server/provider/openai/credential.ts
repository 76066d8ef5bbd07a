// What shows a host who is asking: one header, set on every request as it leaves.

export type Credential = {
  /** For people: what is to be mended when the host does not accept it. */
  called: string;
  header: 'authorization' | 'api-key';
  /** @throws Error that says why there is none. */
  value(signal?: AbortSignal): string | Promise<string>;
  /** The latest tokens that it got by itself; left out where the configuration holds what is sent. */
  handedOut?: () => readonly string[];
};

export const bearer = (apiKey: string): Credential => ({
  called: 'API key',
  header: 'authorization',
  value: () => `Bearer ${apiKey}`,
});

/** As Azure wants its keys. */
export const apiKeyHeader = (apiKey: string): Credential => ({
  called: 'API key',
  header: 'api-key',
  value: () => apiKey,
});
