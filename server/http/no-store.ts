// What is not to lie in any cache on its way: answers about keys, some of which hold what opens.
import { z } from 'zod';

export const NO_STORE = { 'cache-control': 'no-store' };

export const noStoreHeader = z.object({
  'Cache-Control': z.string().meta({ description: 'No cache keeps it.', example: NO_STORE['cache-control'] }),
});
