// Makes what the first start after a change would make: for an image, whose files nobody can write later.
import { build } from './bundle.ts';

console.log(await build());
