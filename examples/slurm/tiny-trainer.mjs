#!/usr/bin/env node
// A real training, as small as one can be: a character bigram model, by gradient descent, on chat records. Node 20 or newer.
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const HELP = `usage: tiny-trainer.mjs --data FILE.jsonl --output FOLDER [options]

Writes trainer_log.jsonl as it goes, trainer_state.json after each epoch and at the end, and model.json at the end.

  --model NAME           noted in the model file
  --epochs N             default 3
  --batch-size N         records a step; default 1
  --learning-rate X      default 0.5
  --pause-ms N           what a step takes besides; default 0
  --ignore-sigterm       as a trainer that is busy, or badly written
  --fail-at N            ends with an error at that step`;

const text = { type: 'string' };
const { values } = parseArgs({
  options: {
    data: text,
    output: text,
    model: { ...text, default: 'bigram' },
    epochs: { ...text, default: '3' },
    'batch-size': { ...text, default: '1' },
    'learning-rate': { ...text, default: '0.5' },
    'pause-ms': { ...text, default: '0' },
    'fail-at': text,
    'ignore-sigterm': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help || !values.data || !values.output) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}
if (values['ignore-sigterm']) process.on('SIGTERM', () => console.log('SIGTERM, which is ignored'));

const END = '\u0003';
const samples = readFileSync(values.data, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map(
    (line) =>
      JSON.parse(line)
        .messages.map((message) => `${message.role}: ${message.content}`)
        .join('\n') + END,
  );
const letters = [...new Set(samples.join(''))].sort();
const index = new Map(letters.map((letter, at) => [letter, at]));
const size = letters.length;
/** weights[a][b]: how much likelier b follows a, as a logit. */
const weights = letters.map(() => new Float64Array(size));

const rate = Number(values['learning-rate']);
const epochs = Number(values.epochs);
const batch = Number(values['batch-size']);
const total = epochs * Math.ceil(samples.length / batch);
const history = [];
mkdirSync(values.output, { recursive: true });
console.log(`${samples.length} records, ${size} letters, ${total} steps`);

let step = 0;
for (let epoch = 0; epoch < epochs; epoch++) {
  for (let from = 0; from < samples.length; from += batch) {
    const loss = learn(samples.slice(from, from + batch));
    step++;
    report(epoch + Math.min(1, (from + batch) / samples.length), loss);
    if (step === Number(values['fail-at'])) throw new Error(`told to fail at step ${step}`);
    if (Number(values['pause-ms']) > 0) await pause(Number(values['pause-ms']));
  }
  writeWhole('trainer_state.json', { global_step: step, max_steps: total, epoch: epoch + 1, log_history: history });
}
writeWhole('model.json', { model: values.model, letters, weights: weights.map((row) => [...row]) });
console.log('done');

/** One step of gradient descent on the cross entropy. Returns what it was before, in nats a letter. */
function learn(records) {
  const counts = new Map();
  let letters_seen = 0;
  for (const record of records) {
    const codes = Array.from(record, (letter) => index.get(letter));
    for (let at = 1; at < codes.length; at++) {
      const row = counts.get(codes[at - 1]) ?? new Float64Array(size);
      row[codes[at]]++;
      counts.set(codes[at - 1], row);
      letters_seen++;
    }
  }
  let loss = 0;
  for (const [letter, row] of counts) {
    const logits = weights[letter];
    const most = Math.max(...logits);
    const exponentials = logits.map((logit) => Math.exp(logit - most));
    const sum = exponentials.reduce((one, other) => one + other, 0);
    const seen = row.reduce((one, other) => one + other, 0);
    for (let next = 0; next < size; next++) {
      const likely = exponentials[next] / sum;
      if (row[next] > 0) loss -= row[next] * Math.log(likely);
      logits[next] += (rate * (row[next] - seen * likely)) / Math.sqrt(seen);
    }
  }
  return loss / Math.max(1, letters_seen);
}

/** As LLaMA-Factory writes it, and for people. */
function report(epoch, loss) {
  history.push({ step, epoch, loss });
  const line = {
    current_steps: step,
    total_steps: total,
    loss,
    epoch,
    percentage: (100 * step) / total,
    at: Date.now(),
  };
  appendFileSync(join(values.output, 'trainer_log.jsonl'), `${JSON.stringify(line)}\n`);
  console.log(`step ${step}/${total} loss ${loss.toFixed(4)}`);
}

/** Whoever reads it meanwhile reads the one before. */
function writeWhole(name, value) {
  const path = join(values.output, name);
  writeFileSync(`${path}.new`, JSON.stringify(value));
  renameSync(`${path}.new`, path);
}
