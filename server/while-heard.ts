import { RefusedError } from '../protocol/errors.js';
import type { Cluster } from './cluster/cluster.js';
import type { Rooms } from './domain/rooms.js';

/** When it is worth coming again while the other nodes are not heard, in milliseconds. */
const RETRY_AFTER = 1_000;

/**
 * Rooms that take commands only while the other nodes can hear what comes of them; else each is
 * refused with `unavailable`, and waits where it was given. One that was taken before the others
 * were lost is answered all the same, as it is kept: should the others not have been told of it,
 * they find it in storage a moment later (see TimelineFollower), as does this node what it is not
 * told.
 */
export function whileHeard(rooms: Pick<Rooms, 'submit'>, cluster: Pick<Cluster, 'connected'>): Pick<Rooms, 'submit'> {
  return {
    submit: (...order) =>
      cluster.connected
        ? rooms.submit(...order)
        : Promise.reject(new RefusedError('unavailable', { retryAfter: RETRY_AFTER })),
  };
}
