/** The bounds of a whole number in the environment. */
export interface Bounds {
  readonly otherwise: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Reads variables one by one and gathers what is wrong with them, so that all of it can be told at
 * once.
 */
export class EnvironmentReader {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #faults: string[] = [];

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Notes what is wrong, in a sentence that begins with the name of the variable. */
  fault(sentence: string): void {
    this.#faults.push(sentence);
  }

  /** What a variable says; undefined where it is not set, or blank. */
  text(name: string): string | undefined {
    return this.#environment[name]?.trim() || undefined;
  }

  /** A whole number, with both bounds allowed. */
  integer(name: string, { otherwise, from, to }: Bounds): number {
    const said = this.text(name);
    if (said === undefined) return otherwise;
    const number = /^\d{1,12}$/.test(said) ? Number(said) : Number.NaN;
    if (number >= from && number <= to) return number;
    this.fault(`${name} must be a whole number from ${from} to ${to}, not ${JSON.stringify(said)}.`);
    return otherwise;
  }

  /** One of a few words. */
  choice<const Word extends string>(name: string, words: readonly Word[], otherwise: Word): Word {
    const said = this.text(name);
    const word = said === undefined ? otherwise : words.find(known => known === said);
    if (word === undefined) this.fault(`${name} must be one of ${words.join(', ')}, not ${JSON.stringify(said)}.`);
    return word ?? otherwise;
  }

  /**
   * Something that nobody may guess, which is never repeated in what is said of it. `howTo` says
   * how to make one.
   */
  secret(name: string, length: number, howTo: string): string | undefined {
    const said = this.text(name);
    if (said !== undefined && said.length < length) {
      this.fault(`${name} is shorter than ${length} characters. ${howTo}`);
    }
    return said;
  }
}
