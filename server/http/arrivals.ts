import type { Server } from 'node:http';
import type { Socket } from 'node:net';

import { PacedQueue } from '../paced-queue.js';

/** Connections that may wait to be looked at: a few seconds' worth. */
const WAITING = 4_000;

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
    release(socket) {
      if (socket.destroyed) return;
      if (!server.listening) {
        socket.destroy();
        return;
      }
      for (const listener of admit) Reflect.apply(listener, server, [socket]);
      socket.resume();
    },
  });
  server.on('connection', socket => {
    if (!arrivals.add(socket)) socket.destroy();
  });
}
