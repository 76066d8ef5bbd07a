// What a process takes of the machine, with those that it started: memory, and time of a processor. By Linux's own account.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ticks in a second, on every Linux there is. */
const TICKS = 100;

async function withChildren(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const children = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  const ids = children.flatMap((text) => text.split(' ').filter(Boolean).map(Number));
  return [pid, ...(await Promise.all(ids.map(withChildren))).flat()];
}

/** In bytes, resident, without what it started. */
export async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** The same with what it started. */
export async function memoryOf(pid: number): Promise<number> {
  const each = await Promise.all((await withChildren(pid)).map(residentOf));
  const bytes = each.reduce((sum, one) => sum + one, 0);
  if (bytes === 0) throw new Error(`nothing is told of process ${pid}`);
  return bytes;
}

/** In seconds of one core, since it began. */
export async function processorTimeOf(pid: number): Promise<number> {
  const each = (await withChildren(pid)).map(async (one) => {
    const stat = await readFile(`/proc/${one}/stat`, 'utf8').catch(() => '');
    // Behind the name, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  });
  return (await Promise.all(each)).reduce((sum, one) => sum + one, 0) / TICKS;
}

/** Of the process alone, until told to stop. @returns the most that was seen */
export function watchMemory(pid: number): () => Promise<number> {
  let goesOn = true;
  const watching = (async () => {
    let most = 0;
    while (goesOn) {
      most = Math.max(most, await residentOf(pid));
      await sleep(50);
    }
    return most;
  })();
  watching.catch(() => {});
  return () => {
    goesOn = false;
    return watching;
  };
}

export const inMegabytes = (bytes: number) => Math.round(bytes / 1e6);
