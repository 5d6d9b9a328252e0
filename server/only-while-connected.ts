import { RefusedError } from '../protocol/errors.js';
import type { Cluster } from './cluster/cluster.js';
import type { Rooms } from './domain/rooms.js';

/** How long a refused command should wait before it is sent again, in milliseconds. */
const RETRY_AFTER = 1_000;

/**
 * Refuses commands with `unavailable` while the link to the other nodes is down: their people would
 * not see what was acknowledged here.
 *
 * A command that was taken before the link went down is still kept and answered. The other nodes
 * find it in storage a moment later, as this node finds theirs (see TimelineFollower).
 */
export function onlyWhileConnected(
  rooms: Pick<Rooms, 'submit'>,
  cluster: Pick<Cluster, 'connected'>,
): Pick<Rooms, 'submit'> {
  return {
    submit: (...order) =>
      cluster.connected
        ? rooms.submit(...order)
        : Promise.reject(new RefusedError('unavailable', { retryAfter: RETRY_AFTER })),
  };
}
