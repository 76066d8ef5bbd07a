// However late, cut short or otherwise the provider shows what it has, and whatever clocks do meanwhile.
import { atLevel } from '../level.ts';
import { everyInterleaving } from './every-interleaving.ts';
import { ofLists } from './searches/lists.ts';

everyInterleaving('exhaustive-lists', {
  searches: atLevel(ofLists),
  meets: [
    'adopted by tag',
    'absent after the fence',
    'late create refused by the fence',
    'too-late cancel',
    'compare-and-set lost',
  ],
  fewestStates: atLevel({ small: 30_000, proof: 200_000, deep: 200_000 }),
});
