// A progress bar on stderr, for somebody who looks on.
import { SingleBar } from 'cli-progress';

export type Bar = {
  update(value: number, words: { label: string; detail?: string }): void;
  stop(): void;
};

export function drawBar(total: number): Bar {
  const bar = new SingleBar({
    format: '{label} [{bar}] {percentage}% {detail}',
    barsize: 30,
    hideCursor: true,
    // Ctrl-C is ours: it ends the watching with words of its own.
    gracefulExit: false,
    stream: process.stderr,
  });
  bar.start(total, 0, { label: '', detail: '' });
  return {
    update: (value, { label, detail = '' }) => bar.update(value, { label, detail }),
    stop: () => bar.stop(),
  };
}
