// How many tokens a training example has, by one of the tokenizers that are here.
//
// The rule is OpenAI's, from "How to count tokens with tiktoken" and "Data preparation and analysis for chat model
// fine-tuning" in its cookbook (github.com/openai/openai-cookbook, num_tokens_from_messages): each message costs 3
// tokens, its role and its content; 3 more prime the reply.
import type { CatalogueModel } from '../catalogue.ts';

type Encoding = CatalogueModel['encoding'];

const TOKENS_PER_MESSAGE = 3;
const TOKENS_PRIMING_THE_REPLY = 3;

/** Text that reads like a special token, say `<|endoftext|>`, is a user's text like any other and not an error. */
const ALL_AS_PLAIN_TEXT = { disallowedSpecial: new Set<string>() };

/** Each encoding is megabytes of ranks, so only the one that is needed is loaded. */
async function load(encoding: Encoding) {
  switch (encoding) {
    case 'o200k_base':
      return await import('gpt-tokenizer/encoding/o200k_base');
    case 'cl100k_base':
      return await import('gpt-tokenizer/encoding/cl100k_base');
    default:
      return encoding satisfies never;
  }
}

/**
 * A counter for the examples of one run; the system prompt is tokenized once, here.
 * @returns tokens of the whole example, by that encoding exact but for words of more than 1,024 characters (see
 * `withShortWords`).
 */
export async function createTokenCounter(
  encoding: Encoding,
  systemPrompt: string,
): Promise<(record: { prompt_text: string; sql: string }) => number> {
  const { countTokens } = await load(encoding);
  const count = (text: string) => {
    let tokens = 0;
    for (const part of withShortWords(text)) tokens += countTokens(part, ALL_AS_PLAIN_TEXT);
    return tokens;
  };
  const message = (role: string, content: string) => TOKENS_PER_MESSAGE + count(role) + count(content);
  const fixed =
    message('system', systemPrompt) + message('user', '') + message('assistant', '') + TOKENS_PRIMING_THE_REPLY;
  return ({ prompt_text, sql }) => fixed + count(prompt_text) + count(sql);
}

const LONGEST_WORD = 1024;
const WORD = new RegExp(
  ['[\\p{L}\\p{M}]', '\\p{N}', '\\s', '[^\\s\\p{L}\\p{M}\\p{N}]'].map((kind) => `${kind}{1,${LONGEST_WORD}}`).join('|'),
  'gu',
);

/**
 * The tokenizer takes quadratic time in the length of one unbroken word: ten seconds for 200,000 letters. Such a word
 * (a blob, a row of dashes) is counted in parts, which may differ from the exact count by a token or two per part.
 */
function* withShortWords(text: string): Generator<string> {
  let start = 0;
  if (text.length > LONGEST_WORD) {
    for (const { 0: word, index } of text.matchAll(WORD)) {
      if (word.length < LONGEST_WORD) continue;
      yield text.slice(start, index + word.length);
      start = index + word.length;
    }
  }
  yield text.slice(start);
}
