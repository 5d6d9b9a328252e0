/**
 * Where attacks are tried: the real server on a port of its own, people who talk meanwhile, and a
 * table of what came of each attack. A row whose refusal is another than expected fails, and so
 * does one after which the server, or anybody else, is not as before.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import type { KeyAlgorithm } from '../../server/domain/site.js';
import { type Backend, type BackendOptions, startBackend } from '../support/backend.js';
import { newSiteKey, type TestKey } from '../support/tokens.js';
import { Bystanders, type Talk } from './bystanders.js';
import { type Row, table } from './table.js';

/** The levels of the log that mean a fault of the server's: error and fatal. */
const FAULT = 50;

export class Battlefield {
  readonly backend: Backend;
  readonly bystanders: Bystanders;
  readonly #t: TestContext;
  readonly #log: readonly string[];
  /** How much of the log was looked at. */
  #read = 0;
  readonly #faults: string[] = [];
  readonly #rows: Row[] = [];
  readonly #keys = new Map<string, TestKey>();

  private constructor(t: TestContext, backend: Backend, bystanders: Bystanders, log: readonly string[]) {
    this.#t = t;
    this.backend = backend;
    this.bystanders = bystanders;
    this.#log = log;
  }

  /** Opens the field of one line of the list; its table is printed when the test ends. */
  static async open(t: TestContext, options: BackendOptions = {}): Promise<Battlefield> {
    const log: string[] = [];
    const backend = await startBackend(t, { ...options, log: { write: line => void log.push(line) } });
    const field = new Battlefield(t, backend, await Bystanders.gather(backend), log);
    const note = (fault: unknown): void => void field.#faults.push(`a rejection that nobody handled: ${String(fault)}`);
    process.on('unhandledRejection', note);
    t.after(() => {
      process.off('unhandledRejection', note);
      process.stdout.write(`\n${table(t.name, field.#rows)}\n\n`);
    });
    return field;
  }

  /** Everything that the server has logged so far, a line an entry. */
  get log(): readonly string[] {
    return this.#log;
  }

  /** A key of a site that the server knows, of any algorithm. */
  async key(site: string, algorithm: KeyAlgorithm = 'HS256'): Promise<TestKey> {
    const name = `${site} ${algorithm}`;
    const known = this.#keys.get(name);
    if (known) return known;
    const made = newSiteKey(site, false, algorithm);
    this.#keys.set(name, made);
    await this.backend.app.sites.addKey(made.key);
    return made;
  }

  /**
   * Tries an attack while the others talk.
   *
   * @param expected what the attacker must get to hear
   * @param attempt resolves with what they did get to hear
   */
  async attack(tried: string, expected: string, attempt: () => Promise<string>): Promise<void> {
    await this.#t.test(tried, async () => {
      const row = { tried: visible(tried), refused: 'FAILED', alive: 'FAILED', undisturbed: 'FAILED' };
      this.#rows.push(row);
      const attacking = attempt();
      const talk = await this.bystanders.talkThrough(attacking);
      row.undisturbed = inWords(talk);
      const refused = await attacking;
      row.refused = refused === expected ? refused : `FAILED: ${refused}, not ${expected}`;
      await this.#stillStands();
      row.alive = 'yes';
      assert.equal(refused, expected);
    });
  }

  /** A row of what can't be tried, and why. */
  note(tried: string, why: string): void {
    this.#rows.push({ tried: visible(tried), refused: why, alive: '-', undisturbed: '-' });
  }

  async #stillStands(): Promise<void> {
    const { status } = await fetch(`${this.backend.url}/healthz`);
    assert.equal(status, 200, 'the server no longer says that it is well');
    const faults = this.#log.slice(this.#read).filter(line => levelOf(line) >= FAULT);
    this.#read = this.#log.length;
    assert.deepEqual([...faults, ...this.#faults.splice(0)], []);
  }
}

/** Without characters that would break the table, or hide in it. */
function visible(text: string): string {
  return text.replace(/[^ -~]/gu, character => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

function inWords({ messages, slowest }: Talk): string {
  return `yes: ${messages} messages, slowest ${Math.round(slowest)} ms`;
}

function levelOf(line: string): number {
  const entry: unknown = JSON.parse(line);
  return typeof entry === 'object' && entry !== null && 'level' in entry ? Number(entry.level) : 0;
}
