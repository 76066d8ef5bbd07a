// No text of a request is ever read as code: whatever a model or a run is called, the trainer gets it as one word.
import { execFile } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trainingCommand } from '../../server/provider/slurm/command.ts';
import { submitBody } from '../../server/provider/slurm/create.ts';
import { foldersOf } from '../../server/provider/slurm/folders.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { describeOnSlurm, request, startStage } from './stage.ts';

const run = promisify(execFile);
const file = `${'a'.repeat(24)}.1.${'0'.repeat(16)}`;
const tag = { goldtune_finetuning: 'a'.repeat(24), goldtune_attempt: '1', goldtune_deployment: 'default' };

/** Writes what it is given into a file, in all the places of a shell in which an operator may put it. */
const ECHO = `
printf '%s\\0' {model} {suffix} >{output_directory}/words
cat >{output_directory}/here <<END
{model}
END
bash -c 'printf "%s\\0" "$GOLDTUNE_MODEL"' >{output_directory}/nested
test -s {training_file}`;

const NASTY = [
  '$(touch canary)',
  '`touch canary`',
  "'; touch canary; '",
  '"; touch canary; "',
  '$'.concat('{x:-$(touch canary)}'),
  '\n touch canary\n',
  'END\ntouch canary\n',
  '{training_file}',
  '\\',
  '* ? ~ #',
  '-rf',
  '$IFS$0',
  '\u0001\u007fü€😀',
];
const nasty = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
  fc
    .array(fc.constantFrom(...NASTY, "'", '"', '$', '\n', ';', '&', '(', ')'), { maxLength: 6 })
    .map((parts) => parts.join('')),
);

/** One that begins with a dash is refused. */
const model = nasty.filter((text) => !text.startsWith('-'));

test('whatever a model and a run are called, the script is the same, and the trainer gets them as words', async () => {
  const scripts = new Set<string>();
  await fc.assert(
    fc.asyncProperty(model, nasty, async (model_name, suffix) => {
      await using directory = await temporaryDirectory();
      const folders = foldersOf(directory.path);
      const output = folders.job(file).output;
      await mkdir(output, { recursive: true });
      await mkdir(folders.inbox);
      await writeFile(folders.waiting(file), 'records');
      const { script, job } = submitBody(
        'v0.0.38',
        trainingCommand(ECHO),
        folders,
        {},
        request({ file, tag }, { model_name, suffix }),
      );
      scripts.add(script);
      const environment = Object.fromEntries(
        Object.entries(job.environment).map(([name, value]) => [name, String(value)]),
      );
      await run('bash', ['-c', script], { cwd: output, env: { ...environment, SLURM_JOB_ID: '7' } });
      const given = Buffer.from(model_name).toString();
      expect(await readFile(join(output, 'words'), 'utf8')).toBe(`${given}\0${Buffer.from(suffix)}\0`);
      expect(await readFile(join(output, 'nested'), 'utf8')).toBe(`${given}\0`);
      expect(await readFile(join(output, 'here'), 'utf8')).toBe(`"${given}"\n`);
      for (const place of [output, folders.job(file).root])
        await expect(access(join(place, 'canary'))).rejects.toThrow('ENOENT');
      expect(JSON.parse(await readFile(folders.job(file).result, 'utf8'))).toMatchObject({ exit_code: 0, job_id: '7' });
    }),
    { numRuns: 25 },
  );
  expect(scripts.size).toBe(1);
});

describe('a training command', () => {
  test.each([
    ['train {modle} {training_file}', '{modle}'],
    ['train {model}', '{training_file}'],
    [' ', 'empty'],
  ])('that cannot work is refused at once: %s', (template, said) => {
    expect(() => trainingCommand(template)).toThrow(said);
  });

  test.each([
    '"--model={model}"',
    "'{model}'",
    "'--model='{model}",
    '{model}"/x"',
    'echo "a" "b {model} c"',
    "# don't mind\necho 'it is {model}'",
    "cat <<'END' >\"a {model} b\"\ndon't\nEND",
    "cat <<END\ndon't\nEND\necho 'it is {model}'",
    "echo $'it\\'s {model}'",
    'echo "\\" {model} "',
  ])('with a placeholder in quotes or beside one is refused with what to write: %s', (part) => {
    expect(() => trainingCommand(`${part}\ntrain {training_file}`)).toThrow(
      'has {model} in or beside quotes; leave the quotes out',
    );
  });

  test.each([
    "# don't split this\nprintf '%s\\0' --model={model}",
    "printf '%s\\0' \"--model\"=x{model} | sed -z 's/x//'",
    "cat >/dev/null <<'END'\ndon't\nEND\nprintf '%s\\0' --model={model}",
    "echo don\\'t >/dev/null; printf '%s\\0' --model={model}",
    "echo $'don\\'t' \"\\\"'\" >/dev/null; printf '%s\\0' --model={model}",
    'tr "a" "a" <<<--model={model} | tr "\\n" "\\0"',
  ])('gives a real shell one word wherever else a placeholder is: %s', async (part) => {
    const { text, environment } = trainingCommand(`${part}\ntrue {training_file}`);
    const env = environment(request({ file, tag }, { model_name: '* $(id) b' }), {
      training_file: '/f',
      output_directory: '/o',
    });
    const { stdout } = await run('bash', ['-c', text], { env: { PATH: process.env['PATH'], ...env } });
    expect(stdout).toBe('--model=* $(id) b\0');
  });

  test('is not given a model that begins with a dash', () => {
    const command = trainingCommand('t {training_file} {model}');
    const places = { training_file: '/f', output_directory: '/o' };
    expect(() => command.environment(request({ file, tag }, { model_name: '--help' }), places)).toThrow(
      'would take it as an option',
    );
  });

  test('takes the parameters that it has placeholders for, and its own value where a run leaves one out', () => {
    const command = trainingCommand('t {training_file} {n_epochs:3} {learning_rate} --lora {lora_r:8} \\{model}');
    expect(command.parameters).toEqual(['n_epochs', 'learning_rate', 'lora']);
    const places = { training_file: '/f', output_directory: '/o' };
    const asked = request({ file, tag }, { n_epochs: 'auto', learning_rate: 0.001 });
    expect(command.environment(asked, places)).toMatchObject({
      GOLDTUNE_LEARNING_RATE: '0.001',
      GOLDTUNE_TRAINING_FILE: '/f',
    });
    expect(command.environment(asked, places)).not.toHaveProperty('GOLDTUNE_N_EPOCHS');
    expect(() => command.environment({ ...asked, learning_rate: null }, places)).toThrow('needs learning_rate');
  });
});

describeOnSlurm('on a real engine', () => {
  test('the worst of names reaches the trainer as it is', async () => {
    await using stage = await startStage();
    const provider = stage.providerWith({ command: ECHO });
    const model_name = NASTY.join('');
    const made = await stage.create({ provider, request: { model_name, suffix: 'x', n_epochs: 'auto' } });
    await stage.release(made);
    expect(await stage.over(made)).toMatchObject({ phase: 'succeeded' });
    const words = await readFile(join(foldersOf(stage.cluster.shared).job(made.file).output, 'words'), 'utf8');
    expect(words).toBe(`${model_name}\0x\0`);
  });
});
