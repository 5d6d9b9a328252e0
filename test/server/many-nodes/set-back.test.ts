/**
 * A standby stepped in that had not been sent the last commits: everyone ends with the same
 * timeline, that of the standby.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import pg from 'pg';

import { StorageError } from '../../../server/domain/storage.js';
import { meddling } from '../../support/meddling.js';
import { newPostgresDatabase } from '../../support/postgres-server.js';
import type { RoomSession } from '../../../widget/session/index.js';
import { type NodeGroupOptions, startGroup } from './node-group.js';
import { textsOf, until, visit } from './visitors.js';

/** What turns write. */
const TABLES = ['room', 'event', 'author', 'message', 'shape', 'accepted', 'read_position', 'usage'];

/**
 * A database that can be set back to how it was, in the midst of everything, as a failover to a
 * standby that lags does it.
 */
class Standby {
  readonly #database: pg.Client;

  private constructor(database: pg.Client) {
    this.#database = database;
  }

  static async of(t: TestContext, url: string): Promise<Standby> {
    const database = new pg.Client({ connectionString: url });
    database.on('error', () => undefined);
    await database.connect();
    t.after(() => database.end().catch(() => undefined));
    return new Standby(database);
  }

  /** What is kept from now on is not sent to it. */
  async lags(): Promise<void> {
    for (const table of TABLES) await this.#database.query(`CREATE TABLE standby_${table} AS TABLE "${table}"`);
  }

  /** It steps in, and everyone who is connected is cut off. */
  async stepsIn(): Promise<void> {
    await this.#database.query('BEGIN');
    await this.#database.query(`TRUNCATE ${TABLES.map(table => `"${table}"`).join()}`);
    for (const table of TABLES) await this.#database.query(`INSERT INTO "${table}" TABLE standby_${table}`);
    // Before anybody sees what it has: they wait for the tables until then.
    await this.#database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await this.#database.query('COMMIT');
  }
}

/**
 * Ann and Ben in one room by different nodes, of whom Ann has said four things, and of the last two
 * of them the standby knows nothing.
 */
async function lagging(t: TestContext, options: NodeGroupOptions = {}) {
  const database = await newPostgresDatabase(t);
  const standby = await Standby.of(t, database);
  const nodes = await startGroup(t, { ...options, database });
  const people = [await visit(t, nodes[0], 'ann'), await visit(t, nodes[1], 'ben')] as const;
  const [ann] = people;
  for (const text of ['one', 'two']) ann.send(text);
  await all(people, 'one two');
  await standby.lags();
  for (const text of ['three', 'four']) ann.send(text);
  await all(people, 'one two three four');
  /** That somebody who comes sees the same. */
  const isKept = async (texts: string) => {
    const cy = await visit(t, nodes[1], 'cy');
    assert.equal(textsOf(cy).join(' '), texts);
  };
  /** That an operator finds it in the log. */
  const isLogged = () => assert.match(nodes.flatMap(({ faults }) => faults).join(), /has lost what people were told/);
  return { standby, people, isKept, isLogged };
}

/** Resolves when all of them see just this, and nothing of theirs is on its way. */
async function all(people: readonly RoomSession[], texts: string): Promise<void> {
  const shows = (each: RoomSession) =>
    textsOf(each).join(' ') === texts && each.messages.every(({ state }) => state === 'sent');
  await Promise.all(people.map(each => until(each, `just “${texts}”`, () => shows(each))));
}

test('in a room where nobody says anything, what is lost goes from every screen', async t => {
  const { standby, people, isKept, isLogged } = await lagging(t);
  await standby.stepsIn();
  await all(people, 'one two');
  people[1].send('five');
  await all(people, 'one two five');
  people[0].send('six');
  await all(people, 'one two five six');
  await isKept('one two five six');
  isLogged();
});

test('what is said at once, by a node that knows the timeline from being told alone, is said in another epoch', async t => {
  // Nobody finds it by looking.
  const before: NodeGroupOptions['before'] = storage =>
    meddling(storage, { heads: () => Promise.reject(new StorageError('not now')) });
  const { standby, people, isKept, isLogged } = await lagging(t, { before });
  await standby.stepsIn();
  people[1].send('five');
  await all(people, 'one two five');
  people[0].send('six');
  await all(people, 'one two five six');
  await isKept('one two five six');
  isLogged();
});
