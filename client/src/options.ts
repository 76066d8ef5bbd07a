// What a client is made with.

export type ClientOptions = {
  /** Where goldtune listens, such as `http://127.0.0.1:8080`; on a page also a path of its own site, such as `/goldtune`. */
  url: string | URL;
  /** Sent as a bearer token; white space at its end is no part of it. */
  apiKey?: string;
  /**
   * How long a call may take, in milliseconds: connecting, the whole answer and all tries together. Default 30000;
   * `Infinity` is no limit. What a call asks the server to wait (`wait_ms`) comes on top, and 5 ms for each golden record
   * that it adds. `timeout` among the options of a call is the limit of that call, and nothing comes on top.
   */
  timeout?: number;
  /**
   * How long a stream may be silent, or take to begin, before it is made anew, in milliseconds. Default 20000: the server sends something
   * every 5 s, also while nothing happens. Greater where a proxy holds that back.
   */
  silence?: number;
  /** Used instead of the global one. */
  fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Sent with each request; a function is asked each time. */
  headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>);
};
