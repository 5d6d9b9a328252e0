import type { Mark } from './drawing.js';
import { inkCss, PAPER } from './ink-palette.js';
import type { Box } from './space.js';
import { traceStroke, type PathSink } from './stroke-path.js';

/**
 * The drawing as the text of an SVG file: the same geometry as on the board, on light paper whatever the theme, since a copy goes
 * where paper is light.
 *
 * @param marks lowest first
 * @param page what is to be seen of the board
 * @param title what a reader of the file is told it is
 */
export function svgOf(marks: readonly Mark[], page: Box, title: string): string {
  const frame = [page.minX, page.minY, page.maxX - page.minX, page.maxY - page.minY].map(value => round(value, 2));
  const [x = '', y = '', width = '', height = ''] = frame;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${frame.join(' ')}" width="${width}" height="${height}">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${PAPER.light}"/>`,
    '<g stroke-linecap="round" stroke-linejoin="round">',
    ...marks.filter(mark => mark.geometry.points.length > 0).map(pathOf),
    '</g>',
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

function pathOf({ shape, geometry }: Mark): string {
  const data = new PathData(Math.max(0, 1 - shape.scale));
  const color = inkCss(shape.color, false);
  if (traceStroke(geometry, data) === 'outline') return `<path d="${data.text}" fill="${color}"/>`;
  return `<path d="${data.text}" fill="none" stroke="${color}" stroke-width="${round(geometry.width, 4)}"/>`;
}

/** Writes the text of a path's `d`. */
class PathData implements PathSink {
  text = '';
  readonly #decimals: number;

  constructor(decimals: number) {
    this.#decimals = decimals;
  }

  moveTo(x: number, y: number): void {
    this.#add('M', x, y);
  }

  lineTo(x: number, y: number): void {
    this.#add('L', x, y);
  }

  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void {
    this.#add('C', ax, ay, bx, by, x, y);
  }

  arc(x: number, y: number, radius: number, from: number, to: number): void {
    // An SVG arc is known by its ends: more than half a turn goes in two.
    const parts = to - from > Math.PI ? 2 : 1;
    for (let part = 1; part <= parts; part += 1) {
      const angle = from + ((to - from) * part) / parts;
      this.#add('A', radius, radius, 0, 0, 1, x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    }
  }

  closePath(): void {
    this.text += 'Z';
  }

  #add(letter: string, ...numbers: number[]): void {
    this.text += letter + numbers.map(number => round(number, this.#decimals)).join(' ');
  }
}

function round(value: number, decimals: number): string {
  return String(Number(value.toFixed(Math.min(decimals, 10))));
}

function escaped(text: string): string {
  // What XML can't hold at all is left out, the rest of what it reads as its own is written as references.
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, character => `&#${String(character.charCodeAt(0))};`);
}
