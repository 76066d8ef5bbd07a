// At providers that guarantee something else: by what a job is known, what fences it, when a cancel takes effect.
import { atLevel } from '../level.ts';
import { everyInterleaving } from './every-interleaving.ts';
import { ofGuarantees } from './searches/guarantees.ts';

everyInterleaving('exhaustive-guarantees', {
  searches: atLevel(ofGuarantees),
  meets: [
    'adopted by tag',
    'too-late cancel',
    'late cancel took effect',
    'taken name doubted',
    'absent without a fence',
  ],
  fewestStates: atLevel({ small: 10_000, proof: 100_000, deep: 100_000 }),
});
