// A picture of how something grows: rows along a logarithmic axis, milliseconds upwards from 0.
import { z } from 'zod';

export const curve = z.object({
  title: z.string(),
  /** What is counted along. */
  along: z.string(),
  series: z.array(z.object({ name: z.string(), points: z.array(z.object({ x: z.number(), ms: z.number() })) })),
});
export type Curve = z.infer<typeof curve>;

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 400, 60, 130, 48, 52];
/** Told apart on white and on black, and without colours by their marks' places. */
const COLOURS = ['#2f81f7', '#d29922', '#3fb950', '#db61a2'];
const STYLE = `text { font: 13px system-ui, sans-serif; fill: #1f2328 } .ground { fill: #ffffff } .grid { stroke: #d1d9e0 }
@media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .ground { fill: #0d1117 } .grid { stroke: #3d444d } }`;

/** As SVG, readable in a light and in a dark page. */
export function drawn({ title, along, series }: Curve): string {
  const points = series.flatMap((one) => one.points);
  const [least, most] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))];
  const step = stepOf(Math.max(...points.map(({ ms }) => ms)));
  const top = step * Math.max(1, Math.ceil(Math.max(...points.map(({ ms }) => ms)) / step));
  const right = WIDTH - RIGHT;
  const floor = HEIGHT - BOTTOM;
  const across = (x: number) =>
    round(LEFT + (right - LEFT) * (least === most ? 0 : Math.log(x / least) / Math.log(most / least)));
  const up = (ms: number) => round(floor - (floor - TOP) * (ms / top));

  const marks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => round(index * step)).map(
    (ms) => `<line class="grid" x1="${LEFT}" x2="${right}" y1="${up(ms)}" y2="${up(ms)}"/>
<text x="${LEFT - 8}" y="${up(ms) + 4}" text-anchor="end">${ms}</text>`,
  );
  const counts = [...new Set(points.map(({ x }) => x))].map(
    (x) => `<text x="${across(x)}" y="${floor + 20}" text-anchor="middle">${x.toLocaleString('en-US')}</text>`,
  );
  const names = apart(series.map((one) => up(one.points.at(-1)?.ms ?? 0)));
  const lines = series.map((one, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const at = one.points.map(({ x, ms }) => `${across(x)},${up(ms)}`);
    const dots = one.points.map(({ x, ms }) => `<circle cx="${across(x)}" cy="${up(ms)}" r="4" fill="${colour}"/>`);
    return `<polyline points="${at.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>
${dots.join('')}
<text x="${right + 12}" y="${(names[index] ?? 0) + 4}">${one.name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<style>${STYLE}</style>
<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>
<text x="${LEFT}" y="24">${title}, ms</text>
${[...marks, ...counts, ...lines].join('\n')}
<text x="${round((LEFT + right) / 2)}" y="${HEIGHT - 10}" text-anchor="middle">${along}</text>
</svg>
`;
}

/** 1, 2 or 5 of a power of ten: some five of them reach to the top. */
function stepOf(most: number): number {
  const rough = Math.max(most, 0.01) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((times) => times * power >= rough) ?? 10);
}

/** Names that end at nearly the same height stand below each other. */
function apart(heights: readonly number[]): number[] {
  const placed = [...heights];
  const fromTop = heights.map((_, index) => index).sort((one, other) => (heights[one] ?? 0) - (heights[other] ?? 0));
  let free = 0;
  for (const index of fromTop) {
    placed[index] = Math.max(free, heights[index] ?? 0);
    free = (placed[index] ?? 0) + 16;
  }
  return placed;
}

const round = (value: number) => Math.round(value * 100) / 100;
