// Reading an uploaded training file the way OpenAI does: each line a chat that ends with the assistant.
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { refuse } from './errors.ts';

const line = z.object({
  messages: z
    .array(z.object({ role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']), content: z.string() }))
    .min(1)
    .refine((messages) => messages.at(-1)?.role === 'assistant', 'the last message must be from the assistant'),
});

/** After so many bytes it is somebody else's turn: the sandbox shares its thread with all that goldtune serves. */
const TURN = 1_000_000;

/** @returns how many examples it holds. @throws SandboxError naming the first line that is wrong. */
export async function countExamples(content: Uint8Array): Promise<number> {
  const decoder = new TextDecoder();
  let examples = 0;
  let turn = 0;
  for (let start = 0, number = 1; start < content.length; number++) {
    const found = content.indexOf(NEWLINE, start);
    const end = found === -1 ? content.length : found;
    const raw = decoder.decode(content.subarray(start, end));
    start = end + 1;
    if (start - turn > TURN) {
      turn = start;
      await setImmediate();
    }
    if (raw.trim() === '') continue;
    const problem = problemOf(raw);
    if (problem) {
      const message = `Invalid file format. Input file is not in the chat JSONL format: line ${number}: ${problem}`;
      throw refuse(message, 'file', 'invalid_file_format');
    }
    examples += 1;
  }
  return examples;
}

const NEWLINE = '\n'.charCodeAt(0);

function problemOf(raw: string): string | null {
  try {
    const parsed = line.safeParse(JSON.parse(raw));
    return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'not a chat');
  } catch {
    return 'not JSON';
  }
}
