// One daemon of the cluster, which can be stopped where it is, killed and started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

export type Command = {
  program: string;
  arguments: readonly string[];
  env: Record<string, string>;
  /** Where its output goes. */
  log: string;
  /** Null: as whoever starts it. */
  user: { uid: number; gid: number } | null;
};

export class Daemon {
  readonly #command: Command;
  readonly #isUp: () => Promise<boolean>;
  #process: ChildProcess | null = null;

  /** @param isUp asked until it says so, after each start */
  constructor(command: Command, isUp: () => Promise<boolean>) {
    this.#command = command;
    this.#isUp = isUp;
  }

  get pid(): number {
    if (this.#process?.pid === undefined) throw new Error(`${this.#command.program} is not running`);
    return this.#process.pid;
  }

  /** @throws Error where it ends instead of coming up */
  async start(): Promise<void> {
    const log = openSync(this.#command.log, 'a');
    const { program, arguments: given, env, user } = this.#command;
    const child = spawn(program, given, { cwd: '/', env, stdio: ['ignore', log, log], detached: true, ...user });
    closeSync(log);
    this.#process = child;
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${program} ended while it started; see ${this.#command.log}`);
    });
    const looking = new AbortController();
    try {
      await Promise.race([this.#cameUp(looking.signal), ended]);
    } finally {
      looking.abort();
      // It may end later, by our own doing.
      ended.catch(() => {});
    }
  }

  async #cameUp(given_up: AbortSignal): Promise<void> {
    while (!given_up.aborted && !(await this.#isUp())) await new Promise((next) => setTimeout(next, 50));
  }

  /** It takes connections, and answers none. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** What it has not written is lost. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** As an administrator restarts it: what it knows is written first. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}
