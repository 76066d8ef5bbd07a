// goldtune as another user than whoever starts it: as the user of the jobs. Arguments: the numbers of the user and its group.
import process from 'node:process';

const [uid, gid] = process.argv.slice(2).map(Number);
process.setgroups?.([]);
process.setgid?.(gid ?? Number.NaN);
process.setuid?.(uid ?? Number.NaN);
await import('../../server/main.ts');
