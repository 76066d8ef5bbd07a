// What one example of the training file says.
import { describe, expect, it } from 'vitest';
import { systemPrompt, trainingExample } from '../../server/finetuning/dataset/example.ts';

describe('a training example', () => {
  it('teaches the question and its SQL under the system prompt, in the chat format', () => {
    const line = trainingExample('Answer with SQL.', { prompt_text: 'How many?', sql: 'SELECT count(*) FROM books' });
    expect(JSON.parse(line)).toEqual({
      messages: [
        { role: 'system', content: 'Answer with SQL.' },
        { role: 'user', content: 'How many?' },
        { role: 'assistant', content: 'SELECT count(*) FROM books' },
      ],
    });
  });

  it('is one line for every reader, whatever line breaks the texts have, and loses none of them', () => {
    const prompt_text = 'one\r\ntwo\u2028three\u2029four\u0085five\u000bsix';
    const line = trainingExample('', { prompt_text, sql: 'SELECT\n1' });
    for (const lineBreak of '\n\r\u000b\u0085\u2028\u2029') expect(line.slice(0, -1)).not.toContain(lineBreak);
    expect(line.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line).messages[1].content).toBe(prompt_text);
  });
});

describe('the system prompt', () => {
  it('names the dialect and ends with the schema', () => {
    const prompt = systemPrompt({ dialect: 'sqlite', schema_sql: '\nCREATE TABLE books (id integer);\n' });
    expect(prompt).toContain('sqlite');
    expect(prompt.endsWith('\n\nCREATE TABLE books (id integer);')).toBe(true);
  });

  it('does not speak of a schema when there is none', () => {
    expect(systemPrompt({ dialect: 'sqlite', schema_sql: ' \n' })).not.toContain('schema');
  });
});
