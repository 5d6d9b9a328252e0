import { FREE_COLOR, INK_COLORS, type InkColor, type InkColorName } from '../../protocol/ink.js';

/**
 * The named colours as they look on light and on dark paper. They began as the eight of Okabe and
 * Ito (2008) and were moved until each stands out from its paper by 3 : 1 or more, while any two
 * stay apart for every kind of colour vision (OKLab distances under the simulations of Machado,
 * Oliveira and Fernandes 2009).
 */
const NAMED: Readonly<Record<InkColorName, { readonly light: string; readonly dark: string }>> = {
  black: { light: '#23211d', dark: '#f4f0e6' },
  blue: { light: '#2f55b8', dark: '#5b80fa' },
  sky: { light: '#3694c6', dark: '#91d5ff' },
  green: { light: '#04885c', dark: '#4ec493' },
  yellow: { light: '#a88c00', dark: '#f5d53f' },
  orange: { light: '#c0601b', dark: '#fb8f1a' },
  red: { light: '#b01c24', dark: '#e04a3f' },
  purple: { light: '#9f3088', dark: '#c07abb' },
};

/** What lies behind the ink, as in the look's tokens. */
export const PAPER = { light: '#fbfaf6', dark: '#1b2024' } as const;

/** The contrast that a mark needs against its paper (WCAG 2.2, 1.4.11). */
export const MARK_CONTRAST = 3;

/**
 * The CSS colour that an ink has on light or on dark paper. A free colour is shown as it was picked
 * wherever it can be told from the paper; where it can't (white picked in the dark, seen in the
 * light) it is mixed with black or white until it can.
 */
export function inkCss(color: InkColor, dark: boolean): string {
  const theme = dark ? 'dark' : 'light';
  if (isNamed(color)) return NAMED[color][theme];
  if (!FREE_COLOR.test(color)) return NAMED.black[theme];
  const paper = PAPER[theme];
  const toward = dark ? 255 : 0;
  const [red, green, blue] = channels(color);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = hex([red, green, blue].map(channel => channel + (toward - channel) * share));
    if (contrast(mixed, paper) >= MARK_CONTRAST) return mixed;
  }
  return NAMED.black[theme];
}

export function isNamed(color: InkColor): color is InkColorName {
  return INK_COLORS.some(name => name === color);
}

/** The contrast of two colours given as `#rrggbb`, from 1 to 21 (WCAG 2.2). */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = channels(color).map(channel => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function channels(color: string): [red: number, green: number, blue: number] {
  const bits = Number.parseInt(color.slice(1), 16);
  return [(bits >> 16) & 255, (bits >> 8) & 255, bits & 255];
}

function hex(rgb: readonly number[]): string {
  return `#${rgb.map(channel => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}
