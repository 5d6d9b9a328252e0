/** Three nodes with thirty people on them, who talk and draw, while a test breaks something. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import type { Door } from '../../support/balancer.js';
import { promised } from '../../support/effort.js';
import { until } from '../../support/patience.js';
import { Chance, seedOfRun } from '../chance.js';
import { finishTalk, gather, Member, type Pace, promises } from '../crowd.js';
import { NodeProcesses, type NodeProcessesOptions } from '../node-processes.js';
import { conclude, told } from '../verdict.js';

const PEOPLE = 30;
/** Slower than a crowd of ten: three nodes, their storage and all clients share one machine. */
const PACE: Pace = { least: 100, most: 400 };
/**
 * How many times faster than in earnest the timers of the crowd run: slower than elsewhere (HASTE
 * in crowd.ts), so that nobody asks again before a busy machine has answered.
 */
const HASTE = 3;
/** Milliseconds in which everyone must be in, or something must be seen that nothing hinders. */
const PATIENCE = 30_000;
/** Milliseconds within which a node must work again for its people, once the cause is over. */
export const LIVE_WITHIN = promised(5_000);

export interface StageOptions extends NodeProcessesOptions {
  /**
   * How many times faster than in earnest the timers of the crowd run; 1 is in earnest. Default 3.
   */
  readonly haste?: number;
}

export class Stage {
  readonly chance: Chance;
  readonly nodes: NodeProcesses;
  /** They come through the balancer, and go to another node when theirs is gone. */
  readonly crowd: readonly Member[];
  /**
   * One person on each node, who stays there and waits in earnest. They say only what they are told
   * to.
   */
  readonly residents: readonly Member[];
  readonly #t: TestContext;
  readonly #doors: ReadonlyMap<Member, Door>;
  readonly #others: Member[] = [];

  private constructor(t: TestContext, chance: Chance, nodes: NodeProcesses, doors: ReadonlyMap<Member, Door>) {
    this.#t = t;
    this.chance = chance;
    this.nodes = nodes;
    this.#doors = doors;
    this.crowd = [...doors.keys()];
    this.residents = nodes.processes.map((_, place) => this.#inEarnest(`resident${place}`, nodes.node(place).url));
  }

  /** Ends when everyone is in, and something was acknowledged. */
  static async set(t: TestContext, { haste = HASTE, ...options }: StageOptions = {}): Promise<Stage> {
    const chance = new Chance(seedOfRun());
    const nodes = await NodeProcesses.start(t, options);
    const doors = await Promise.all(Array.from({ length: PEOPLE }, () => nodes.balancer.door(t)));
    const urls = doors.map(({ url }) => url);
    const crowd = await gather(t, { people: PEOPLE, chance, server: nodes, urls, pace: PACE, haste });
    const stage = new Stage(t, chance, nodes, new Map(crowd.map((member, index) => [member, doors[index] as Door])));
    for (const member of crowd) member.start();
    const everyone = () => [...stage.crowd, ...stage.residents];
    await until(
      PATIENCE,
      () => everyone().every(({ absence }) => absence.came) && stage.promises > PEOPLE,
      () => `not all came: ${everyone().map(standing).join(', ')}`,
    );
    return stage;
  }

  /** Acknowledgements of messages that were seen. */
  get promises(): number {
    return promises(this.crowd);
  }

  /** Those of the crowd who are on a node just now. */
  peopleOn(place: number): Member[] {
    return this.crowd.filter(member => this.#doors.get(member)?.node === place);
  }

  /**
   * A node that some of the crowd are on, by chance: the more of them, the likelier. One that was
   * started again has nobody at first.
   */
  peopledPlace(): number {
    const places = this.crowd.flatMap(member => this.#doors.get(member)?.node ?? []);
    return this.chance.pick(places) ?? assert.fail('nobody of the crowd is on any node');
  }

  resident(place: number): Member {
    const resident = this.residents[place];
    if (!resident) throw new RangeError(`There is no node ${place}`);
    return resident;
  }

  /** Somebody in earnest comes to one node and to no other, and is in. */
  async newcomer(place: number): Promise<Member> {
    const member = this.#inEarnest(`newcomer${this.#others.length}`, this.nodes.node(place).url);
    await this.untilIn(member);
    return member;
  }

  /** Somebody in earnest comes through the balancer, at first to one node, and is in. */
  async traveller(place: number): Promise<Member> {
    const door = await this.nodes.balancer.door(this.#t, place);
    const member = this.#inEarnest(`traveller${this.#others.length}`, door.url);
    await this.untilIn(member);
    assert.equal(door.node, place);
    return member;
  }

  async untilIn(...members: readonly Member[]): Promise<void> {
    await until(
      PATIENCE,
      () => members.every(({ session }) => session.status === 'connected'),
      () => `not in: ${members.map(standing).join(', ')}`,
    );
  }

  /**
   * Has somebody say something, and ends when all readers have it as acknowledged.
   * @returns milliseconds since `since`
   */
  async heard(author: Member, readers: readonly Member[], since = performance.now()): Promise<number> {
    const text = author.say();
    await until(
      PATIENCE,
      () => readers.every(reader => hasHeard(reader, text)),
      () => {
        const deaf = readers.filter(reader => !hasHeard(reader, text)).map(({ person }) => person);
        return `${author.person} (${author.session.status}) said ${text}, which was not heard by ${deaf.join(', ')}`;
      },
    );
    return Math.round(performance.now() - since);
  }

  /**
   * Each resident says something, and all hear it.
   * @returns milliseconds from `since` until the last was heard by all, by node
   */
  async allHeard(since: number): Promise<readonly number[]> {
    return Promise.all(this.residents.map(author => this.heard(author, this.residents, since)));
  }

  /**
   * Ends the talk, and holds everyone to one timeline and the log to what was promised.
   * @returns what came of it, in words
   */
  async conclude(): Promise<string> {
    await finishTalk(this.crowd);
    const everyone = [...this.crowd, ...this.residents, ...this.#others];
    const verdict = told(await conclude(this.#t, everyone, this.nodes));
    assert.ok(!this.nodes.crashed, this.nodes.said);
    return `seed ${this.chance.seed}: ${verdict}`;
  }

  #inEarnest(person: string, server: string): Member {
    const token = () => this.nodes.token({ person });
    const member = new Member({ person, server, token, chance: this.chance, haste: 1 });
    this.#t.after(() => member.session.close());
    if (!person.startsWith('resident')) this.#others.push(member);
    return member;
  }
}

function standing({ person, session }: Member): string {
  return [person, session.status, session.refusal?.code].join(' ');
}

function hasHeard({ session }: Member, text: string): boolean {
  return session.messages.slice(-500).some(message => message.text === text && message.seq !== undefined);
}
