import assert from 'node:assert/strict';

import type { Joined, Peer } from '../../../protocol/conversation.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { succeeded, type Talker } from '../../support/talker.js';
import type { GroupedNode } from './node-group.js';
import { isCompleted, isDrawn, isEntered, isPosted, typesOf } from '../../support/commands.js';

export const ROOM = 'lobby';
/** What a stroke begins with, before its points. */
export const PEN = ['strokeA1', 'blue', 4, 0, 0] as const;

/** Someone in the room, by a raw connection to one node. */
export type Entered = Joined & { readonly talker: Talker };

export async function enter(node: GroupedNode | undefined, person: string): Promise<Entered> {
  const talker = await (node ?? assert.fail('there is no such node')).enter({ person });
  return { talker, ...(await talker.join(ROOM)) };
}

/** By which number somebody who joined was told of a person. */
export function numberOf({ here }: Joined, id: string): number {
  return here.find(({ person }) => person.id === id)?.peer ?? assert.fail(`${id} is not here`);
}

/** Draws the beginning of a stroke. */
export function begin({ talker, handle }: Entered, points: string): void {
  talker.socket.emit('l', handle, ['ink', ...PEN, points]);
}

/**
 * Resolves when somebody is told that a person has come, by another number than before.
 * @returns the number
 */
export async function hasCome({ talker }: Entered, id: string, before?: number): Promise<number> {
  const isMeant = ({ person, peer }: Peer) => person.id === id && peer !== before;
  const { came } = await talker.hears('presence', fact => fact.came.some(isMeant));
  return came.find(isMeant)?.peer ?? assert.fail();
}

/** The timeline from its beginning, in words. */
export async function log(reader: Talker): Promise<readonly string[]> {
  const { head } = await reader.join(ROOM);
  const tail = succeeded(await reader.ask('catchup', { room: ROOM, after: { epoch: head.epoch, seq: 0 } }));
  return tail.reset ? assert.fail('reset') : tail.events.map(wordsFor);
}

export function wordsFor(event: AnyEvent): string {
  if (isEntered(event)) return `${event.by} is ${event.person.id}`;
  if (isPosted(event)) return `${event.by} says ${event.text}`;
  const [type = ''] = typesOf([event]);
  if (isDrawn(event) || isCompleted(event)) {
    return `${event.by} ${type} ${event.shape.content.points}${event.partial ? '…' : ''}`;
  }
  return `${event.by} ${type}`;
}
