// Generated from the server by `npm run generate`; not edited by hand.
// A chat of one question and one answer, as fine-tuning files hold it.

type Pair = { prompt_text: string; sql: string };

const roles = new Map([
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
]);

/** The columns that hold a chat, spelt plainly. */
export const chatNames: readonly string[] = ['messages', 'conversations'];

/** @returns the one question and its answer; null: the chat is not of that form. */
export function pairOf(chat: unknown): Pair | null {
  if (!Array.isArray(chat)) return null;
  const said = chat.map(messageOf);
  const by = (role: string) => said.filter((message) => message.role === role);
  const [question, ...questions] = by('user');
  const [answer, ...answers] = by('assistant');
  if (questions.length > 0 || answers.length > 0) return null;
  if (typeof question?.content !== 'string' || typeof answer?.content !== 'string') return null;
  return { prompt_text: question.content, sql: answer.content };
}

function messageOf(message: unknown): { role: string | undefined; content: unknown } {
  if (typeof message !== 'object' || message === null) return { role: undefined, content: null };
  const { role, from, content, value }: { role?: unknown; from?: unknown; content?: unknown; value?: unknown } =
    message;
  return { role: roles.get(String(role ?? from)), content: content ?? value };
}
