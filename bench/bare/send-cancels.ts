// The provider's own floor for many cancels: sends what they need, and nothing else, so many at once.
// Told how many, from which job; tells how long it took.
import { jobOf } from '../provider/jobs.ts';
import { ask } from './provider-request.ts';

const [provider = '', first = '', count = '', at_once = ''] = process.argv.slice(2);

let next = Number(first);
const end = next + Number(count);
const began = performance.now();
await Promise.all(
  Array.from({ length: Number(at_once) }, async () => {
    while (next < end) {
      const job = jobOf(next++);
      await ask(provider, 'POST', `/v1/fine_tuning/jobs/${job}/cancel`);
      const { status } = await ask(provider, 'GET', `/v1/fine_tuning/jobs/${job}`);
      if (status !== 'cancelled') throw new Error(`the provider shows ${status}`);
    }
  }),
);
console.log(Math.round(performance.now() - began));
process.exit();
