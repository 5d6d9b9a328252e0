/** Says when something was said, in the reader's language and time zone. */
export class Dates {
  readonly #lang: string;
  readonly #time: Intl.DateTimeFormat;
  readonly #full: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #dayOfOtherYear: Intl.DateTimeFormat;
  readonly #relative: Intl.RelativeTimeFormat;

  /** @param lang BCP 47 */
  constructor(lang: string) {
    this.#lang = lang;
    this.#time = new Intl.DateTimeFormat(lang, { hour: 'numeric', minute: '2-digit' });
    this.#full = new Intl.DateTimeFormat(lang, { dateStyle: 'full', timeStyle: 'short' });
    this.#day = new Intl.DateTimeFormat(lang, { weekday: 'long', day: 'numeric', month: 'long' });
    this.#dayOfOtherYear = new Intl.DateTimeFormat(lang, { dateStyle: 'long' });
    this.#relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  }

  /** The time of day. */
  time(at: number): string {
    return this.#time.format(at);
  }

  /** Day and time, spelt out. */
  full(at: number): string {
    return this.#full.format(at);
  }

  /** Today, yesterday, or the date. */
  day(at: number, now = Date.now()): string {
    const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
    if (daysAgo === 0 || daysAgo === 1) {
      const [first = '', ...rest] = this.#relative.format(-daysAgo, 'day');
      return first.toLocaleUpperCase(this.#lang) + rest.join('');
    }
    const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
    return (sameYear ? this.#day : this.#dayOfOtherYear).format(at);
  }
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
