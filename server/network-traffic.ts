import type { Server, Socket } from 'node:net';

/** Traffic over a server's connections, in bytes since the start. */
export interface TrafficBytes {
  readonly received: number;
  readonly sent: number;
}

/**
 * All of a server's connections, whatever protocol they speak. Counts the bytes of open and closed
 * ones.
 */
export class NetworkTraffic {
  readonly #open = new Set<Socket>();
  #received = 0;
  #sent = 0;

  constructor(server: Server) {
    server.on('connection', socket => {
      this.#open.add(socket);
      // `close` comes once. `once` would hold more memory for it, on many sockets.
      socket.on('close', () => {
        this.#open.delete(socket);
        this.#received += socket.bytesRead;
        this.#sent += socket.bytesWritten;
      });
    });
  }

  get bytes(): TrafficBytes {
    let received = this.#received;
    let sent = this.#sent;
    for (const socket of this.#open) {
      received += socket.bytesRead;
      sent += socket.bytesWritten;
    }
    return { received, sent };
  }

  /**
   * Ends all open connections at once. An HTTP server would leave those alone that asked to
   * upgrade, answered or not, and it can't close while they are open.
   */
  end(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
