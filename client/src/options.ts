// What a client is made with.

export type ClientOptions = {
  /** Where goldtune listens, such as `http://127.0.0.1:8080`. */
  url: string;
  /** Sent as a bearer token; white space at its end is no part of it. */
  apiKey?: string;
  /** Used instead of the global one. */
  fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Sent with each request; a function is asked each time. */
  headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>);
};
