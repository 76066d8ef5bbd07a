// Room on the disk of the embedded database. PostgreSQL ends where its log finds none, and does not start without, so
// writes are refused before that, and a reserve is kept for the start.
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MB } from './log-files.ts';

/** Beside one more segment of the log: for what is under way when the room runs short. */
const BESIDES = 8 * MB;

export class Room {
  readonly #directory: string;
  readonly #reserve: string;
  readonly #least: number;
  #short = false;

  /**
   * Where there is too little room to start in, the reserve is given up.
   * @param directory of the database
   * @param segment of its log, in bytes
   */
  constructor(directory: string, segment: number) {
    this.#directory = dirname(directory);
    this.#reserve = join(this.#directory, 'reserve');
    this.#least = segment + BESIDES;
    this.#short = this.#free() < this.#least;
    if (this.#short) rmSync(this.#reserve, { force: true });
  }

  /** Whether nothing more is to be written. When there is room again, the reserve is made again first. */
  isShort(): boolean {
    const free = this.#free();
    if (!this.#short) this.#short = free < this.#least;
    // Somewhat more than is needed, so that it does not go back and forth.
    else this.#short = free < this.#least + this.#missing() + BESIDES;
    if (!this.#short && this.#missing() > 0) this.#short = !this.#keepReserve(free);
    return this.#short;
  }

  #free(): number {
    const { bavail, bsize } = statfsSync(this.#directory);
    return bavail * bsize;
  }

  /** What of the reserve is not there. */
  #missing(): number {
    return Math.max(0, this.#least - (statSync(this.#reserve, { throwIfNoEntry: false })?.size ?? 0));
  }

  /** Written, and with what no file system makes smaller: a hole would reserve nothing. */
  #keepReserve(free: number): boolean {
    if (free < this.#least + this.#missing()) return true;
    const part = randomFillSync(new Uint8Array(MB));
    try {
      const file = openSync(this.#reserve, 'w', 0o600);
      try {
        for (let written = 0; written < this.#least; written += MB) writeSync(file, part);
      } finally {
        closeSync(file);
      }
      return true;
    } catch {
      rmSync(this.#reserve, { force: true });
      return false;
    }
  }
}
