/**
 * Ink: its colours, its sizes, and how its points are written.
 *
 * A stroke's points are integers on a grid of 2^scale board units (a board unit is a CSS pixel at
 * zoom 1), so that a stroke drawn zoomed in keeps a quarter of a *screen* pixel. They are written
 * as the first point and then differences, each number as a base64 variable-length quantity, sign
 * in the lowest bit: the encoding of Source Map v3 `mappings` with the base64url alphabet. It was
 * taken because text needs no binary frames, because small differences cost one character, and
 * because two pieces of one stroke can be joined by putting one string behind the other.
 */

/**
 * Eight named colours that stay apart for colour-blind eyes (Okabe and Ito 2008), each with a light
 * and a dark value.
 */
export const INK_COLORS = ['black', 'blue', 'sky', 'green', 'yellow', 'orange', 'red', 'purple'] as const;
export type InkColorName = (typeof INK_COLORS)[number];

/** A named colour, or a free one as `#rrggbb` in lower case. */
export type InkColor = InkColorName | `#${string}`;
export const FREE_COLOR = /^#[0-9a-f]{6}$/;

/** Widths of the pen, in board units. */
export const INK_WIDTHS = [2, 4, 8, 16] as const;

/** Finest and coarsest grid of a stroke: the exponent of two, in board units. */
export const INK_SCALE = { min: -8, max: 8 } as const;

/** Pressure is kept in six bits: 0 is none, 63 the most a pen reports. */
export const PRESSURE_MAX = 63;

/** The characters of encoded points. */
export const INK_POINTS = /^[A-Za-z0-9_-]*$/;

/** The grid for a stroke drawn at `zoom`: about a quarter of a screen pixel. */
export function scaleForZoom(zoom: number): number {
  const exponent = Math.floor(Math.log2(0.25 / zoom));
  return Math.min(INK_SCALE.max, Math.max(INK_SCALE.min, exponent));
}

/**
 * A point of a stroke in board units; `pressure` from 0 to 1, absent where the device reports none
 * that can be trusted.
 */
export interface InkPoint {
  readonly x: number;
  readonly y: number;
  readonly pressure?: number;
}

/** How a stroke's points are to be read. */
export interface InkFormat {
  /** The grid is 2^scale board units. */
  readonly scale: number;
  /** Whether each point carries a third number, its pressure. */
  readonly pressure: boolean;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CONTINUES = 32;

const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < DIGITS.length; value += 1) VALUES[DIGITS.charCodeAt(value)] = value;

function encodeNumber(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = '';
  do {
    const digit = rest % CONTINUES;
    rest = Math.floor(rest / CONTINUES);
    text += DIGITS.charAt(rest > 0 ? digit + CONTINUES : digit);
  } while (rest > 0);
  return text;
}

/**
 * Writes a stroke piece by piece: each call of `add` returns the characters for the new points, and
 * the pieces put one behind the other are the whole.
 */
export class InkEncoder {
  readonly #format: InkFormat;
  #x = 0;
  #y = 0;
  #pressure = 0;

  constructor(format: InkFormat) {
    this.#format = format;
  }

  add(points: Iterable<InkPoint>): string {
    const unit = 2 ** this.#format.scale;
    let text = '';
    for (const point of points) {
      const x = Math.round(point.x / unit);
      const y = Math.round(point.y / unit);
      text += encodeNumber(x - this.#x) + encodeNumber(y - this.#y);
      this.#x = x;
      this.#y = y;
      if (this.#format.pressure) {
        const pressure = Math.round(Math.min(1, Math.max(0, point.pressure ?? 0.5)) * PRESSURE_MAX);
        text += encodeNumber(pressure - this.#pressure);
        this.#pressure = pressure;
      }
    }
    return text;
  }
}

/** The grid of times, in milliseconds: finer than any pen reports. */
export const TIME_STEP = 8;

/** Fewer steps than these take half a character; this in its place says that there are more. */
const LARGER = 7;

/**
 * Writes when the points of a stroke were drawn: for each point after the first the time since the
 * one before it, in steps of TIME_STEP, two to a character. A number of LARGER or more is written
 * as LARGER and what it has beyond that, two bits at a time with a bit that says whether more come.
 * An odd half at the end is filled with LARGER.
 *
 * @param times of all points, in milliseconds from any moment on, never falling
 */
export function encodeTimes(times: ArrayLike<number>): string {
  const halves: number[] = [];
  let last = 0;
  for (let index = 1; index < times.length; index += 1) {
    // From the first point on, so that what is rounded off does not add up.
    const steps = Math.max(last, Math.round(((times[index] ?? 0) - (times[0] ?? 0)) / TIME_STEP));
    let rest = steps - last - LARGER;
    halves.push(Math.min(LARGER, rest + LARGER));
    for (let isMore = rest >= 0; isMore; isMore = rest > 0) {
      const bits = rest % 4;
      rest = Math.floor(rest / 4);
      halves.push(rest > 0 ? bits + 4 : bits);
    }
    last = steps;
  }
  let text = '';
  for (let index = 0; index < halves.length; index += 2) {
    text += DIGITS.charAt((halves[index] ?? 0) * 8 + (halves[index + 1] ?? LARGER));
  }
  return text;
}

/**
 * Reads encoded times: of each point after the first, in steps since the first. Undefined where
 * they can't be read.
 */
export function decodeTimes(text: string): number[] | undefined {
  const times: number[] = [];
  let last = 0;
  /** Of a number of LARGER or more: what was read of it, and what its next bits weigh. */
  let larger: { value: number; weight: number } | undefined;
  const take = (half: number): void => {
    if (!larger) {
      if (half === LARGER) larger = { value: LARGER, weight: 1 };
      else times.push((last += half));
      return;
    }
    larger.value += (half % 4) * larger.weight;
    larger.weight *= 4;
    if (half >= 4) return;
    times.push((last += larger.value));
    larger = undefined;
  };
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const digit = code < 128 ? (VALUES[code] ?? -1) : -1;
    // 34 bits are more than four years.
    if (digit < 0 || (larger?.weight ?? 1) > 4 ** 16) return undefined;
    take(digit >> 3);
    take(digit & 7);
  }
  return larger === undefined || larger.weight === 1 ? times : undefined;
}

/** Writes a whole stroke. */
export function encodeInk(points: Iterable<InkPoint>, format: InkFormat): string {
  return new InkEncoder(format).add(points);
}

/**
 * Reads encoded points into flat numbers, two a point (x, y in board units) or three (and pressure
 * from 0 to 1).
 *
 * @returns `undefined` where the text is not whole points of finite size within `extent` board
 *   units of the origin.
 */
export function decodeInk(text: string, format: InkFormat, extent = Infinity): Float64Array | undefined {
  const stride = format.pressure ? 3 : 2;
  const unit = 2 ** format.scale;
  const numbers = new Float64Array(text.length);
  const last = [0, 0, 0];
  let count = 0;
  let value = 0;
  let weight = 1;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const digit = code < 128 ? (VALUES[code] ?? -1) : -1;
    // Ten digits are 50 bits: more than any coordinate, and still exact in a double.
    if (digit < 0 || weight > CONTINUES ** 10) return undefined;
    value += (digit % CONTINUES) * weight;
    if (digit >= CONTINUES) {
      weight *= CONTINUES;
      continue;
    }
    const axis = count % stride;
    const sum = (last[axis] ?? 0) + (value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    last[axis] = sum;
    if (axis === 2 ? sum < 0 || sum > PRESSURE_MAX : Math.abs(sum * unit) > extent) return undefined;
    numbers[count] = axis === 2 ? sum / PRESSURE_MAX : sum * unit;
    count += 1;
    value = 0;
    weight = 1;
  }
  if (weight !== 1 || count % stride !== 0) return undefined;
  return numbers.slice(0, count);
}

/**
 * How many points a text holds, about: counted rather than read, which takes a tenth of the time.
 * What is no whole points counts as if it were.
 */
export function countPoints(text: string, pressure: boolean): number {
  let numbers = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = VALUES[text.charCodeAt(index) & 127] ?? 0;
    if (digit < CONTINUES) numbers += 1;
  }
  return Math.ceil(numbers / (pressure ? 3 : 2));
}
