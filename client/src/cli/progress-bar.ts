// A progress bar on stderr, for somebody who looks on.
import { MultiBar } from 'cli-progress';

export type Bar = {
  update(value: number, words: { label: string; detail?: string }): void;
  /** A line above the bar, which stays. */
  say(line: string): void;
  stop(): void;
};

export function drawBar(total: number): Bar {
  // Of the library's two kinds the one that can write above itself.
  const screen = new MultiBar({
    format: '{label} [{bar}] {percentage}% {detail}',
    barsize: 20,
    hideCursor: true,
    // Of the bar the terminal shows what fits in its width; what is said above is whole.
    linewrap: true,
    // Ctrl-C is ours: it ends the watching with words of its own.
    gracefulExit: false,
    stream: process.stderr,
  });
  const bar = screen.create(total, 0, { label: '', detail: '' });
  return {
    update: (value, { label, detail = '' }) => bar.update(value, { label, detail }),
    say: (line) => screen.log(`${line}\n`),
    stop() {
      // What was said last is written with the next drawing, which stopping alone is not.
      screen.update();
      screen.stop();
    },
  };
}
