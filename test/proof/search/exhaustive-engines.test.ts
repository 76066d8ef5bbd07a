// At an engine that lets jobs wait for their release, or forgets what it has acknowledged.
import { atLevel } from '../level.ts';
import { everyInterleaving } from './every-interleaving.ts';
import { ofEngines } from './searches/engines.ts';

everyInterleaving('exhaustive-engines', {
  searches: atLevel(ofEngines),
  meets: [
    'absent after the fence',
    'too-late cancel',
    'released again',
    'forgotten before it began',
    'end that waited for its fence',
    'ended itself, unknown to its engine',
  ],
  fewestStates: atLevel({ small: 50_000, proof: 200_000, deep: 200_000 }),
});
