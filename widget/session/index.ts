/**
 * The client without a face, for bots, tests and front ends of one's own, in browsers and in Node:
 *
 *     const room = connect({ server, site, room: 'algebra-101', getToken: async () => token });
 *     room.send('Hello');
 *     await room.settled();
 *     room.close();
 *
 * In Node, where no Origin is sent, the token must come from a key that the site marked for
 * servers.
 */
import { Connections, type RoomOptions } from './connections.js';
import type { RoomSession } from './contract.js';

export type * from './contract.js';
export { Connections, type RoomOptions } from './connections.js';
export type * from './outbox-store.js';
export { guestToken, type GuestTokenRequest } from './pages-api.js';
export { type Platform, realPlatform } from './platform.js';
export { RefusedError, type Refusal, type RefusalCode } from '../../protocol/errors.js';
export { encodeInk, encodeTimes, InkEncoder } from '../../protocol/ink.js';
export { newShapeId } from '../../protocol/names.js';
export type { ShapeForm } from '../../protocol/shapes/index.js';
export type { InkBegin } from '../../protocol/shapes/stroke.js';

/** Enters one room over a connection of its own. To share one among rooms, make a `Connections`. */
export function connect(options: RoomOptions): RoomSession {
  return new Connections().room(options);
}
