/** Figures as people read them. */

const COUNT = new Intl.NumberFormat('en');
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `12 345`, grouped by thin spaces. */
export function count(number: number): string {
  return COUNT.format(number).replaceAll(',', '\u2009');
}

/** `1.2 MB` */
export function size(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log(bytes) / Math.log(1_000)));
  const digits = power === 0 ? 0 : 1;
  return `${(bytes / 1_000 ** power).toFixed(digits)} ${units[power] ?? ''}`;
}

/** `2026-11-21 05:04 UTC (3 minutes ago)` */
export function moment(at: number, now: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC (${relative(at - now)})`;
}

function relative(difference: number): string {
  const [unit, length] = UNITS.find(([, one]) => Math.abs(difference) >= one) ?? ['second', 1_000];
  return RELATIVE.format(Math.trunc(difference / length), unit);
}

/** `3 days 4 hours`, `12 minutes`, of milliseconds. */
export function duration(milliseconds: number): string {
  const parts: string[] = [];
  let left = milliseconds;
  for (const [unit, length] of UNITS) {
    const whole = Math.floor(left / length);
    left -= whole * length;
    if (whole > 0) parts.push(`${whole} ${unit}${whole === 1 ? '' : 's'}`);
  }
  return parts.slice(0, 2).join(' ') || 'less than a minute';
}
