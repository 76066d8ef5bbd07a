// What a training file costs at the least: JSON.stringify and the tokenizer, on records that are in memory.
// Tells how long it took, in milliseconds, for as many records as it is given.
import { setFlagsFromString } from 'node:v8';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { recordsFrom } from '../records.ts';

// As goldtune is run.
setFlagsFromString('--max-semi-space-size=8');
const [count = '', system = ''] = process.argv.slice(2);

function file(records: ReturnType<typeof recordsFrom>) {
  const ofSystem = countTokens(system);
  let tokens = 0;
  let bytes = 0;
  for (const { prompt_text, sql } of records) {
    const messages = [
      { role: 'system', content: system },
      { role: 'user', content: prompt_text },
      { role: 'assistant', content: sql },
    ];
    bytes += JSON.stringify({ messages }).length + 1;
    tokens += ofSystem + countTokens(prompt_text) + countTokens(sql);
  }
  return { tokens, bytes };
}

file(recordsFrom(0, 1000, ''));
const records = recordsFrom(0, Number(count), '');
const began = performance.now();
const { tokens, bytes } = file(records);
const took_ms = performance.now() - began;
console.log(JSON.stringify({ took_ms, tokens, bytes }));
