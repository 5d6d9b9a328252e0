import { type Given, UsageError } from './command-line.js';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds, from `45s`, `30m`, `8h` or `7d`; a bare number is seconds. @throws UsageError */
export function seconds(said: string): number {
  const [, count, unit = 's'] = /^(\d{1,6})([smhd])?$/.exec(said) ?? [];
  if (count === undefined) throw new UsageError(`${said} is no length of time: 45s, 30m, 8h, 7d`);
  return Number(count) * (UNITS[unit] ?? 1);
}

/** The options by which the end of something is said; see `endIn`. */
export const END_OPTIONS = {
  for: { type: 'string', value: 'TIME', about: 'for so long: 30m, 8h, 7d (default: for good)' },
  until: { type: 'string', value: 'DATE', about: 'until then: 2030-12-24, or 2030-12-24T18:00Z' },
} as const;

/**
 * When something is to end, in milliseconds since 1970, as END_OPTIONS say it; undefined where they
 * don't.
 *
 * @throws UsageError
 */
export function endIn(given: Given, now: number): number | undefined {
  const [length, date] = [given.text('for'), given.text('until')];
  if (length !== undefined && date !== undefined) throw new UsageError('Say --for or --until, not both.');
  if (date !== undefined) return momentOf(date);
  return length === undefined ? undefined : now + seconds(length) * 1_000;
}

/**
 * Milliseconds since 1970. A day begins in UTC; a time says where: what this machine's zone is,
 * nobody remembers.
 */
function momentOf(said: string): number {
  const [, day = ''] = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/.exec(said) ?? [];
  const moment = Date.parse(said);
  // A day that no month has would be one of the next.
  const isDay = !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  if (isDay && !Number.isNaN(moment)) return moment;
  throw new UsageError(`${said} is no date: 2030-12-24, or with a time 2030-12-24T18:00Z`);
}
