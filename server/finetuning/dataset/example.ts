// One golden record as one line of the training file, in the provider's chat format.

type Message = { role: 'system' | 'user' | 'assistant'; content: string };
type TrainingExample = { messages: [Message, Message, Message] };

/**
 * The system text of every example of a run. The fine-tuned model is to be asked with the same text.
 * @param connection `schema_sql` may be empty; then the task is given without a schema.
 */
export function systemPrompt({ dialect, schema_sql }: { dialect: string; schema_sql: string }): string {
  const task = `Translate the question into one ${dialect} SQL statement. Answer with the SQL only.`;
  const schema = schema_sql.trim();
  return schema === '' ? task : `${task}\n\nThe schema of the database:\n\n${schema}`;
}

/** @returns one JSON object and the newline that ends it. */
export function trainingExample(system: string, { prompt_text, sql }: { prompt_text: string; sql: string }): string {
  const example: TrainingExample = {
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: prompt_text },
      { role: 'assistant', content: sql },
    ],
  };
  return `${JSON.stringify(example).replace(UNICODE_LINE_BREAK, escaped)}\n`;
}

// JSON leaves these as they are, but many readers of JSONL (such as Python's splitlines) break lines at them.
const UNICODE_LINE_BREAK = /[\u0085\u2028\u2029]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
