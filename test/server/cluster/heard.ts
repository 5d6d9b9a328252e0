import type { LiveStep, Peer } from '../../../protocol/conversation.js';
import type { TimelineEvent } from '../../../protocol/timeline/events.js';
import type { RoomListener } from '../../../server/cluster/cluster.js';
import { posted } from '../../support/commands.js';
import { PATIENCE, within } from '../../support/patience.js';

/** One thing that a room was told: what, of which node, and the rest. */
export type Told =
  | readonly ['events', epoch: string, seqs: readonly number[]]
  | readonly ['came', node: string, names: readonly string[]]
  | readonly ['left', node: string, peers: readonly number[]]
  | readonly ['steps', node: string, peer: number, steps: readonly LiveStep[]]
  | readonly ['lost', node: string]
  | readonly ['asked'];

/** A room's listener that remembers what it was told, and who is there as it was told. */
export class Heard implements RoomListener {
  readonly told: Told[] = [];
  readonly #here = new Map<string, string>();
  readonly #waiting = new Set<() => void>();

  /** Everyone who is there on other nodes, as `node/peer name`, sorted. */
  get people(): string[] {
    return [...this.#here].map(([key, name]) => `${key} ${name}`).sort();
  }

  of<Kind extends Told[0]>(kind: Kind): Extract<Told, readonly [Kind, ...unknown[]]>[] {
    return this.told.filter((told): told is Extract<Told, readonly [Kind, ...unknown[]]> => told[0] === kind);
  }

  /** Resolves when it is so, which is looked at whenever something was told. */
  async until(isSo: () => boolean): Promise<void> {
    if (isSo()) return;
    let look = (): void => undefined;
    const so = new Promise<void>(resolve => {
      look = () => isSo() && resolve();
      this.#waiting.add(look);
    });
    const vain = () => `waited in vain; told: ${JSON.stringify(this.told)}`;
    await within(PATIENCE, so, vain).finally(() => this.#waiting.delete(look));
  }

  events(epoch: string, events: readonly TimelineEvent[]): void {
    this.#tell(['events', epoch, events.map(({ seq }) => seq)]);
  }

  came(node: string, peers: readonly Peer[]): void {
    for (const { peer, person } of peers) this.#here.set(`${node}/${peer}`, person.name);
    this.#tell(['came', node, peers.map(({ person }) => person.name)]);
  }

  left(node: string, peers: readonly number[]): void {
    for (const peer of peers) this.#here.delete(`${node}/${peer}`);
    this.#tell(['left', node, peers]);
  }

  steps(node: string, peer: number, steps: readonly LiveStep[]): void {
    this.#tell(['steps', node, peer, steps]);
  }

  lost(node: string): void {
    for (const key of [...this.#here.keys()]) if (key.startsWith(`${node}/`)) this.#here.delete(key);
    this.#tell(['lost', node]);
  }

  asked(): void {
    this.#tell(['asked']);
  }

  #tell(told: Told): void {
    this.told.push(told);
    for (const look of [...this.#waiting]) look();
  }
}

export function peer(number: number, name: string): Peer {
  return { peer: number, person: { id: name.toLowerCase(), name }, role: 'member' };
}

export function message(seq: number): TimelineEvent {
  return { seq, prev: seq - 1, at: 1_700_000_000_000, by: 1, command: 'c', ...posted(`no. ${seq}`) };
}
