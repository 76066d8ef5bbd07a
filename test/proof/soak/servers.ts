// Several goldtune servers on one database, each started again as soon as it has ended.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startProcess } from '../../process/child.ts';

const MAIN = fileURLToPath(new URL('../../../server/main.ts', import.meta.url));
const CLOCK = fileURLToPath(new URL('../../process/clock.js', import.meta.url));

type Slot = { child: Child | null; url: string | null; killed: boolean; clock: string };

export class Servers implements AsyncDisposable {
  /** What was printed by servers that ended though nobody had killed them. */
  readonly endedByThemselves: string[] = [];
  readonly #env: Record<string, string>;
  readonly #slots: Slot[];
  #running: Promise<void>[] = [];
  #closing = false;

  /** @param directory for what their wall clocks are ahead by */
  constructor(count: number, env: Record<string, string>, directory: string) {
    this.#env = env;
    this.#slots = Array.from({ length: count }, (_, index) => ({
      child: null,
      url: null,
      killed: false,
      clock: join(directory, `clock-${index}`),
    }));
    this.#running = this.#slots.map((slot) => this.#keep(slot));
  }

  /** Those that listen now. */
  get urls(): string[] {
    return this.#slots.flatMap(({ url }) => url ?? []);
  }

  /** kill -9 for one that listens, chosen by its place among them. False where none does. */
  kill(at: number): boolean {
    const listening = this.#slots.filter(({ url }) => url !== null);
    const slot = listening[at % Math.max(1, listening.length)];
    if (!slot) return false;
    slot.killed = true;
    slot.url = null;
    slot.child?.process.kill('SIGKILL');
    return true;
  }

  /** Sets the wall clock of one of them. */
  async setClock(at: number, ahead_ms: number): Promise<void> {
    const slot = this.#slots[at % this.#slots.length];
    if (slot) await writeFile(slot.clock, String(ahead_ms));
  }

  async #keep(slot: Slot): Promise<void> {
    while (!this.#closing) {
      await using child = startProcess(['--import', CLOCK, MAIN], { ...this.#env, CLOCK_AHEAD: slot.clock });
      slot.child = child;
      slot.killed = false;
      // One that cannot start, because the database is just coming up, is started again.
      slot.url = await child.url.catch(() => null);
      const wasUp = slot.url !== null;
      await child.life;
      slot.url = null;
      if (wasUp && !slot.killed && !this.#closing) this.endedByThemselves.push(child.printed());
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    for (const { child } of this.#slots) child?.process.kill('SIGKILL');
    await Promise.all(this.#running);
  }
}
