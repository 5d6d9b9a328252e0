import type { Box } from '../../protocol/shapes/box.js';
import { type Brush, FONT, type FillStyle, type LineStyle, type Path, type PathSink, type TextStyle } from './brush.js';
import type { Mark } from './drawing.js';
import { PAPER } from './ink-palette.js';
import type { Appearance } from './shapes/index.js';

/**
 * The drawing as the text of an SVG file: the same geometry as on the board, on light paper
 * whatever the theme, since a copy goes where paper is light.
 *
 * @param marks lowest first
 * @param page what is to be seen of the board
 * @param title what a reader of the file is told it is
 */
export function svgOf(marks: readonly Mark[], page: Box, title: string, appearance: Appearance): string {
  const frame = [page.minX, page.minY, page.maxX - page.minX, page.maxY - page.minY].map(value => round(value, 2));
  const [x = '', y = '', width = '', height = ''] = frame;
  const brush = new SvgBrush();
  for (const { figure } of marks) figure.paint(brush, appearance);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${frame.join(' ')}" width="${width}" height="${height}">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${PAPER.light}"/>`,
    '<g stroke-linecap="round" stroke-linejoin="round">',
    ...brush.elements,
    '</g>',
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

/** Writes an element for each thing that is painted. */
class SvgBrush implements Brush {
  readonly elements: string[] = [];

  line(path: Path, { color, grid, width, dash }: LineStyle): void {
    const dashes = dash === undefined ? '' : ` stroke-dasharray="${round(dash, 4)}"`;
    const style = `fill="none" stroke="${color}" stroke-width="${round(width, 4)}"${dashes}`;
    this.elements.push(`<path d="${dataOf(path, grid)}" ${style}/>`);
  }

  fill(path: Path, { color, grid }: FillStyle): void {
    this.elements.push(`<path d="${dataOf(path, grid)}" fill="${color}"/>`);
  }

  text(text: string, { color, middle, size }: TextStyle): void {
    const place = `x="${round(middle.x, 4)}" y="${round(middle.y, 4)}"`;
    const font = `font-family="${FONT}" font-size="${round(size, 4)}"`;
    const anchor = 'text-anchor="middle" dominant-baseline="central"';
    this.elements.push(`<text ${place} ${font} ${anchor} fill="${color}">${escaped(text)}</text>`);
  }
}

/** A path's `d`, with a decimal more than its grid needs. */
function dataOf(path: Path, grid: number): string {
  const data = new PathData(Math.max(0, 1 - Math.log2(grid)));
  path(data);
  return data.text;
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
  // What XML can't hold at all is left out, the rest of what it reads as its own is written as
  // references.
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, character => `&#${String(character.charCodeAt(0))};`);
}
