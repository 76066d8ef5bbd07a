// Reading an uploaded training file the way OpenAI does: each line a chat that ends with the assistant.
import { z } from 'zod';
import { refuse } from './errors.ts';

const line = z.object({
  messages: z
    .array(z.object({ role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']), content: z.string() }))
    .min(1)
    .refine((messages) => messages.at(-1)?.role === 'assistant', 'the last message must be from the assistant'),
});

/** @returns how many examples it holds. @throws SandboxError naming the first line that is wrong. */
export function countExamples(content: string): number {
  let examples = 0;
  for (const [index, raw] of content.split('\n').entries()) {
    if (raw.trim() === '') continue;
    const problem = problemOf(raw);
    if (problem) {
      const message = `Invalid file format. Input file is not in the chat JSONL format: line ${index + 1}: ${problem}`;
      throw refuse(message, 'file', 'invalid_file_format');
    }
    examples += 1;
  }
  return examples;
}

function problemOf(raw: string): string | null {
  try {
    const parsed = line.safeParse(JSON.parse(raw));
    return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'not a chat');
  } catch {
    return 'not JSON';
  }
}
