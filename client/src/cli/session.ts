// What a command works with: the client that the global options describe, and where its words go.
import type { Command } from 'commander';
import { readAddress } from '../address.ts';
import { createClient, type GoldtuneClient } from '../client.ts';
import { type Paint, painter, wantsColour } from './colour.ts';
import { exitCodes, type Outcome } from './exit-codes.ts';
import { explain, InputError } from './failure.ts';

export const DEFAULT_URL = 'http://127.0.0.1:8080';

export type GlobalOptions = { url?: string; apiKey?: string; json?: boolean; requestTimeout?: number };

export type Session = {
  readonly goldtune: GoldtuneClient;
  /** Where it is. */
  readonly address: string;
  readonly json: boolean;
  /** Somebody looks at both outputs: a progress bar is worth drawing. */
  readonly watched: boolean;
  readonly paint: Paint;
  /** Of the terminal that the answer is read on, in columns; null: a program reads it. */
  readonly width: number | null;
  /** The whole answer: the document for programs, or its text for people. */
  show(document: unknown, text: () => string): void;
  /** One of many: a line of JSON for programs, or of text for people. */
  line(document: unknown, text: () => string): void;
  /** For people who look on; programs do not get it. */
  hint(text: string): void;
  /** For people, beside an answer that may be piped: on stderr, and not where the document says it. */
  aside(text: string): void;
  explain(error: unknown): string;
};

export function openSession(command: Command): Session {
  const { url, apiKey, json = false, requestTimeout } = addressOf(command.optsWithGlobals<GlobalOptions>());
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  const watched = !json && process.stdout.isTTY === true && process.stderr.isTTY === true;
  const hint = (text: string) => void (watched && process.stderr.write(`${text}\n`));
  return {
    goldtune: createClient({
      url,
      ...(apiKey ? { apiKey } : {}),
      ...(requestTimeout === undefined ? {} : { timeout: requestTimeout * 1000 }),
      fetch: telling(() => hint(`cannot reach ${url}, trying again …`)),
    }),
    address: url,
    json,
    watched,
    paint: painter(wantsColour(process.env, process.stdout.isTTY === true)),
    // A terminal that does not say is as wide as whatever it is shown.
    width: (process.stdout.isTTY && process.stdout.columns) || null,
    show: (document, text) => print(json ? JSON.stringify(document, null, 2) : text()),
    line: (document, text) => print(json ? JSON.stringify(document) : text()),
    hint,
    aside: (text) => void (json || process.stderr.write(`${text}\n`)),
    explain: (error) => explain(error, apiKey),
  };
}

/** The client tries again in silence; whoever looks on is told of it, once. */
function telling(tell: () => void): typeof fetch {
  let told = false;
  return async (input, init) => {
    try {
      return await fetch(input, init);
    } catch (error) {
      if (!told && !init?.signal?.aborted) tell();
      told = true;
      throw error;
    }
  };
}

/** Neither is a parser of commander's: those repeat in their refusal what was given, and both may hold a secret. */
function addressOf(options: GlobalOptions): GlobalOptions & { url: string } {
  const found = readAddress(options.url || DEFAULT_URL);
  if ('problem' in found) throw new InputError(`--url ${found.problem}`);
  // What a file or a secret store adds at the end is no part of it.
  const apiKey = options.apiKey?.trimEnd();
  if (apiKey && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new InputError('the API key holds characters that cannot be sent, such as spaces or line breaks');
  }
  return { ...options, ...(apiKey ? { apiKey } : {}), url: found.address };
}

/** One line on stderr. */
export const complain = (text: string): void => void process.stderr.write(`goldtune: ${text}\n`);

export function endAs(outcome: Outcome): void {
  process.exitCode = exitCodes[outcome].code;
}
