import { type Check, type CheckName, skipped } from './report.js';

const ORDER: readonly CheckName[] = [
  'configuration',
  'server',
  'site',
  'protocol',
  'clock',
  'websocket',
  'polling',
  'token',
  'room',
];

/** What was found so far. */
export class Findings {
  readonly facts: Record<string, string>;
  readonly #checks = new Map<CheckName, Check>();

  /** @param facts what is known from the beginning */
  constructor(facts: Readonly<Record<string, string>>) {
    this.facts = { ...facts };
  }

  /** @returns whether nothing of it is bad */
  add(...checks: readonly Check[]): boolean {
    for (const check of checks) this.#checks.set(check.name, check);
    return checks.every(({ result }) => result !== 'bad');
  }

  /** All checks, with those that were not made, in order. */
  complete(): readonly Check[] {
    const because = 'Not looked at: something before it has to be mended first.';
    return ORDER.map(name => this.#checks.get(name) ?? skipped(name, because));
  }
}
