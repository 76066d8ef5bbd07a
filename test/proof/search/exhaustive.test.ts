// Whatever becomes of the requests, and of those who send them.
import { atLevel } from '../level.ts';
import { everyInterleaving } from './every-interleaving.ts';
import { ofRequests } from './searches/requests.ts';

everyInterleaving('exhaustive', {
  searches: atLevel(ofRequests),
  meets: [
    'adopted by tag',
    'absent after the fence',
    'late create refused by the fence',
    'too-late cancel',
    'compare-and-set lost',
  ],
  fewestStates: atLevel({ small: 50_000, proof: 200_000, deep: 200_000 }),
});
