import type { Joined, LiveEntry, ServerToClient } from '../../protocol/conversation.js';
import type { Refusal } from '../../protocol/errors.js';

/** Someone in a room over a connection. Several may be in the same one. */
export interface ConnectedRoom extends Pick<ServerToClient, 'events' | 'presence'> {
  readonly room: string;
  /** The room's number in live frames; undefined while it is not joined. */
  readonly handle: number | undefined;
  joined(joined: Joined): void;
  /** The role in it is another one. */
  roleChanged: ServerToClient['role'];
  /** Joining was refused, and will be again. */
  refused(refusal: Refusal): void;
  /** The connection was lost: what was joined is not any more. */
  lost(): void;
  frame(pairs: readonly (number | LiveEntry)[]): void;
  /** The connection's status is another one. */
  statusChanged(): void;
}
