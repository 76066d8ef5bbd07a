// A chat of one question and one answer, as fine-tuning files hold it.

/** `beside`: who else says something in it, which is left out. */
type Pair = { prompt_text: string; sql: string; beside: string[] };

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
  const others = said.flatMap(({ role, name }) => (role === undefined ? [name] : []));
  return { prompt_text: question.content, sql: answer.content, beside: [...new Set(others)].slice(0, MOST_OTHERS) };
}

/** So many are named. */
const MOST_OTHERS = 20;

type Message = { role: string | undefined; name: string; content: unknown };

function messageOf(message: unknown): Message {
  if (typeof message !== 'object' || message === null) return { role: undefined, name: 'nobody', content: null };
  const { role, from, content, value }: { role?: unknown; from?: unknown; content?: unknown; value?: unknown } =
    message;
  const name = String(role ?? from).slice(0, 40);
  return { role: roles.get(name), name, content: textOf(content ?? value) };
}

/** The text of a message that is written in parts, of which each is a text; else what it is. */
function textOf(content: unknown): unknown {
  if (!Array.isArray(content) || content.length === 0) return content;
  const texts = content.map((part: unknown) => {
    const { type, text }: { type?: unknown; text?: unknown } = Object(part);
    return type === 'text' && typeof text === 'string' ? text : null;
  });
  return texts.includes(null) ? content : texts.join('');
}
