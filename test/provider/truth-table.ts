// The declared guarantees in plain words: docs/providers.md, which `npm run providers` writes.
import type { Guarantees } from '../../server/finetuning/guarantees.ts';
import type { Declared } from '../../server/provider/guarantees.ts';

type Words = (guarantees: Guarantees) => string;
type Row = [what: string, words: Words];

const start = {
  at_create: 'with its create',
  held: 'with its release, a request of its own: one that was never released has never trained',
};
const stop = {
  cancel: 'by a cancel: what it shows as cancelled stays so',
  fence_then_cancel:
    'its training file is removed first, then it is cancelled: it may forget a cancel, and not the file',
};
const tag = {
  metadata: 'its metadata, or its file',
  name_and_comment: 'its name and its comment',
  suffix_and_file: 'our mark in its suffix, or its file',
};
const fence = {
  file: 'without its training file, which is removed, it never trains',
  none: 'it trains: that it comes within a settle window, or never, is all that a stop then rests on',
};
const identity = {
  assigned: 'the provider: a create without an answer has to be searched for',
  named: 'goldtune, by a name that is given once: a create that comes twice makes one job',
};

const isTried = ({ against }: Guarantees['verified']) => against === 'real engine' || against === 'live account';

const said = (answer: boolean | null, yes: string, no: string) => (answer === null ? 'nobody says' : answer ? yes : no);

const guarantees: readonly Row[] = [
  ['a job begins', ({ start: value }) => start[value]],
  ['who names it', ({ identity: value }) => identity[value]],
  ['it is found again by', ({ tag: value }) => tag[value]],
  [
    'a create that is carried out late',
    ({ fence: value, verified }) =>
      `${fence[value]}${isTried(verified) && value !== 'none' ? '' : ', which is assumed'}`,
  ],
  ['a run is stopped', ({ stop: value }) => stop[value]],
  [
    'a cancel is answered',
    ({ cancel }) =>
      cancel.asynchronous ? 'maybe before it has taken effect' : 'when it has taken effect, as documented',
  ],
  ['a job may finish in spite of it', ({ cancel }) => said(cancel.may_finish_anyway, 'yes', 'no')],
  ['the job is shown afterwards', ({ cancel }) => said(cancel.keeps_record, 'yes', 'for a while, or not at all')],
  ['what a cancelled run costs', ({ cancel }) => cancel.billed],
  ['held against', ({ verified }) => `${verified.against}, ${verified.on}: ${verified.note}`],
];

const provenStop: Words = ({ stop: value }) =>
  value === 'cancel'
    ? 'cancelled; “stopped” is said once a GET after it shows that'
    : 'file removed, then cancelled; “stopped” is said once the file is gone and a GET shows it cancelled';

/** What somebody who cancels can rely on, by how far the run has come. */
const moments: readonly Row[] = [
  ['before anything was sent', () => 'stopped in the write that records the cancel; nothing is ever sent'],
  [
    'its create was sent, and not answered',
    (one) =>
      `${one.fence === 'file' ? 'the training file is removed, and after a settle window it' : 'for a settle window it'} is searched for by ${tag[one.tag]}: found, it is cancelled; not found, none will ever train${one.fence === 'file' ? '' : ', if none comes later than that'}`,
  ],
  [
    'it was created, and not released',
    (one) => (one.start === 'held' ? `it has not trained; ${provenStop(one)}` : 'there is no such moment'),
  ],
  ['it is validated or queued', provenStop],
  [
    'it trains',
    (one) => (one.cancel.asynchronous ? `${provenStop(one)}; until then it is said to go on` : provenStop(one)),
  ],
  [
    'it finishes meanwhile',
    ({ cancel }) =>
      cancel.may_finish_anyway === false
        ? 'only before the cancel takes effect: it is told as what it has become'
        : 'it is told as what it has become, never as cancelled',
  ],
  [
    'the provider forgets the cancel',
    (one) =>
      one.stop === 'cancel'
        ? 'taken not to happen: nothing like it is known'
        : 'the job that comes back finds no file, and does not train from then on',
  ],
];

const table = (head: string, rows: readonly Row[], all: readonly Declared[]) =>
  [
    [head, ...all.map(({ called }) => called)],
    ['---', ...all.map(() => '---')],
    ...rows.map(([what, words]) => [what, ...all.map((one) => words(one.guarantees))]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** Of one provider: what it takes, and what goldtune does not know of it. */
function about({ called, guarantees: { cancel, verified }, parameters }: Declared): string {
  const unknown = [
    ...(cancel.may_finish_anyway === null ? ['whether a job may finish in spite of a cancel'] : []),
    ...(cancel.keeps_record === null ? ['whether it goes on to show a cancelled job'] : []),
    ...(verified.against === 'document' ? ['whether it does all that its documents say'] : []),
  ];
  const open = unknown.length === 0 ? '' : ` Not known: ${unknown.join('; ')}.`;
  return `- **${called}** takes ${parameters.map((name) => `\`${name}\``).join(', ')}.${open}`;
}

export const truthTable = (
  all: readonly Declared[],
): string => `<!-- Generated by \`npm run providers\` from what the adapters declare; not edited by hand. -->
# Providers: what each one guarantees

goldtune stops a run by one protocol ([protocol.md](protocol.md)). What it has to assume of a provider is declared by that
provider’s adapter as data, decided by, and shown here. What nobody says is not assumed: a GET that follows a cancel decides
in every case, and where that shows that a job has finished, the run is told as finished.

## What a cancel does, by how far the run has come

${table('the run', moments, all)}

## What that rests on

${table('', guarantees, all)}

## What each one takes, and what is not known of it

${all.map(about).join('\n')}

“Document” means that no live account was at hand: the adapter was held against the provider’s published description, by an
emulator whose every answer is checked against that (\`test/provider/conformance\`). The sandbox is such an emulator of
OpenAI, and declares what OpenAI does; it trains and bills nothing. A host that speaks OpenAI’s API and is not here is
described by a profile in the configuration, and declares what that says of it.
`;
