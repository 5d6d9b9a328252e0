import type { ExportType } from './actions.js';
import { type Box, padded } from '../../protocol/shapes/box.js';
import type { SketchKey } from '../words/en/sketch.js';
import type { Say } from '../words/words.js';
import { CanvasPainter } from './canvas-painter.js';
import type { Drawing } from './drawing.js';
import { svgOf } from './export-svg.js';
import { PAPER } from './ink-palette.js';
import { isEmpty } from './space.js';

/** Paper around the drawing, in board units. */
const MARGIN = 24;

/** The page of an empty board. */
const EMPTY: Box = { minX: 0, minY: 0, maxX: 640, maxY: 400 };

/** Device pixels a board unit in a PNG, and the most it may have in all and along a side. */
const RATIO = 2;
const PIXELS_MAX = 16_000_000;
const SIDE_MAX = 8_192;

/**
 * A copy of everything on the board, on light paper.
 *
 * @param title what a reader of the file is told it is
 * @throws Error where the browser can't make the picture
 */
export async function copyOf(
  drawing: Drawing,
  type: ExportType,
  { title, say }: { title: string; say: Say<SketchKey> },
): Promise<Blob> {
  const { bounds } = drawing;
  const page = isEmpty(bounds) ? EMPTY : padded(bounds, MARGIN);
  const appearance = { dark: false, say };
  if (type === 'svg') return new Blob([svgOf(drawing.all(), page, title, appearance)], { type: 'image/svg+xml' });

  const size = { width: page.maxX - page.minX, height: page.maxY - page.minY };
  const zoom = Math.min(
    RATIO,
    Math.sqrt(PIXELS_MAX / (size.width * size.height)),
    SIDE_MAX / size.width,
    SIDE_MAX / size.height,
  );
  const painter = new CanvasPainter(document.createElement('canvas'));
  painter.resize({ width: size.width * zoom, height: size.height * zoom }, 1);
  painter.look({ x: page.minX, y: page.minY, zoom });
  painter.cover(PAPER.light);
  for (const { figure } of drawing.all()) figure.paint(painter, appearance);
  return await new Promise((resolve, reject) => {
    painter.canvas.toBlob(blob => {
      if (blob === null) reject(new Error('The picture could not be made.'));
      else resolve(blob);
    }, 'image/png');
  });
}

/** A name for a file, from a room's title: without what file systems take for their own. */
export function fileName(title: string, fallback: string, type: ExportType): string {
  const name = title
    .replace(/[\p{C}\s/\\:*?"<>|]+/gu, ' ')
    .trim()
    .replace(/^\.+/, '')
    .slice(0, 80)
    .trim();
  return `${name === '' ? fallback : name}.${type}`;
}

/** Hands a file to the browser to be saved. */
export function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by then; browsers keep what they have opened.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
