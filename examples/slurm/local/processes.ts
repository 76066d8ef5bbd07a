// The process table: what runs of a cluster, seen from outside of it.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type Running = { pid: number; command: string };

/** Processes whose environment or working directory names the given folder: daemons, job scripts and what they start. */
export function processesOf(folder: string): Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const read = (file: string) => quietly(() => readFileSync(`/proc/${name}/${file}`, 'latin1'));
      const place = quietly(() => readlinkSync(`/proc/${name}/cwd`));
      const command = read('cmdline').replaceAll('\0', ' ').trim();
      const isOurs = [place, command, read('environ')].some((text) => text.includes(folder));
      // A zombie runs no more: it has neither.
      return isOurs && command !== '' ? [{ pid: Number(name), command }] : [];
    });
}

/** Empty where the process has ended meanwhile, or is not ours to look at. */
function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
