import type { Server } from 'node:http';
import type { Socket } from 'node:net';

import { peerGroup } from '../client-address.js';
import { PacedQueue } from '../paced-queue.js';

/** Connections that may wait to be looked at: a few seconds' worth. */
const WAITING = 4_000;
/** Connections that are looked at in a second, while that burdens nobody. */
const FASTEST = 2_000;

/**
 * Lets new connections in at a pace, so that thousands that come at one moment cost those who are here nothing that they notice. A
 * connection costs little until something of it is read, and until its turn nothing is. For more than may wait there is no answer: they end,
 * and their clients come back after a while.
 */
export function paceArrivals(server: Server): void {
  const admit = server.listeners('connection');
  server.removeAllListeners('connection');
  // What `net` does for its option of that name, which `http` does not pass on.
  Reflect.set(server, 'pauseOnConnect', true);
  const arrivals = new PacedQueue<Socket>({
    limit: WAITING,
    fastest: FASTEST,
    isGone: socket => socket.destroyed,
    release(socket) {
      if (!server.listening) {
        socket.destroy();
        return;
      }
      for (const listener of admit) Reflect.apply(listener, server, [socket]);
      socket.resume();
    },
    refuse: socket => void socket.destroy(),
  });
  server.on('connection', socket => arrivals.add(socket, peerGroup(socket.remoteAddress)));
}
