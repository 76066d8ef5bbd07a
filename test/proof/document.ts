// Writes the figures of test/report.json into the table of docs/proof.md. `npm run proof` runs it.
import { readFile, writeFile } from 'node:fs/promises';
import { type Figures, REPORT, reportSchema } from './figures.ts';
import { happenings } from './happenings.ts';
import { type Level, levels } from './level.ts';

const DOCUMENT = new URL('../../docs/proof.md', import.meta.url);
const BEGIN = '<!-- figures: written by `npm run proof` -->';
const END = '<!-- end of figures -->';

const searched = (figure: (name: string) => string) =>
  `${figure('searches')} searches: ${figure('states')} states, ${figure('transitions')} transitions, ${figure('violations')} violations, ${figure('stuck')} states without an end`;

/** The suites in the order of the table, with the words for their figures. */
const suites: Record<string, (figure: (name: string) => string) => string> = {
  exhaustive: searched,
  'exhaustive-lists': searched,
  'exhaustive-engines': searched,
  'exhaustive-guarantees': searched,
  weakened: (figure) => `${figure('counterexamples')} of ${figure('of')} counterexamples found`,
  property: (figure) => `${figure('runs')} runs, ${figure('faults')} faults`,
  rows: (figure) =>
    `${figure('runs')} runs, ${figure('at_a_forgetful_engine')} of them at an engine that forgets, ${figure('faults')} faults, ${figure('crashes')} crashes, ${figure('steps_of_clocks')} steps of clocks`,
  matrix: (figure) =>
    `${figure('operations')} operations × ${figure('faults')} faults × ${figure('acts')} acts: ${figure('cells')} cells; ${figure('at_a_forgetful_engine')} at an engine that forgets; ${figure('pairs')} pairs of faults, both met in ${figure('pairs_of_which_both_failed')}`,
  database: (figure) =>
    `${figure('faults')} faults × ${figure('statements')} statements: ${figure('cancels')} cancels, ${figure('acknowledged')} acknowledged, ${figure('refused')} refused`,
  crash: (figure) =>
    `${figure('scenarios')} scenarios; ${figure('exceptions')} points by exception, ${figure('kills')} by kill -9, ${figure('at_a_forgetful_engine')} of either at an engine that forgets, ${figure('pairs')} pairs`,
  soak: (figure) =>
    `${figure('runs')} runs, ${figure('kills')} kills, ${figure('acts_before_the_last_kill')} of ${figure('acts')} acts before the last of them, ${figure('postgres_restarts')} immediate restarts of Postgres, ${figure('terminated_backends')} terminated backends, ${figure('steps_of_clocks')} steps of clocks`,
  zombies: (figure) => `${figure('zombies')} workers stopped and resumed`,
  contention: (figure) => `${figure('rounds')} rounds; ${figure('creates')} creates, ${figure('acts')} acts`,
  mutants: (figure) => `${figure('caught')} of ${figure('mutants')} caught`,
};

const readable = (value: Figures[string] | undefined) =>
  typeof value === 'number' ? value.toLocaleString('en-US') : String(value ?? '–');

const whole = reportSchema.parse(JSON.parse(await readFile(REPORT, 'utf8')));
const cell = (figures: Figures | undefined, words: (figure: (name: string) => string) => string) =>
  figures ? words((name) => readable(figures[name])) : 'not run';

const rows = Object.entries(suites).map(
  ([suite, words]) => `| ${suite} | ${levels.map((level) => cell(whole[suite]?.[level], words)).join(' | ')} |`,
);
const counts = happenings.map((name) => {
  const total = (level: Level) => {
    const counted = Object.values(whole).flatMap((suite) => suite[level]?.[name] ?? []);
    return counted.length === 0 ? 'not run' : readable(counted.reduce<number>((sum, count) => sum + Number(count), 0));
  };
  return `| ${name} | ${levels.map(total).join(' | ')} |`;
});

const document = await readFile(DOCUMENT, 'utf8');
const [head, rest = ''] = document.split(BEGIN);
const tail = rest.split(END)[1];
if (tail === undefined) throw new Error('docs/proof.md has lost the marks around its figures');
const table = [
  '| suite | `npm test` | `npm run test:proof` | `npm run test:deep` |',
  '|---|---|---|---|',
  ...rows,
  '',
  'What must happen now and then, or a suite has not tried it, happened so often:',
  '',
  '| | `npm test` | `npm run test:proof` | `npm run test:deep` |',
  '|---|---|---|---|',
  ...counts,
];
await writeFile(DOCUMENT, `${head}${BEGIN}\n${table.join('\n')}\n${END}${tail}`);
