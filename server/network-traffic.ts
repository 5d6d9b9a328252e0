import type { Server, Socket } from 'node:net';

/** What went over a server's connections, in bytes since the start. */
export interface TrafficBytes {
  readonly received: number;
  readonly sent: number;
}

/**
 * A server's connections, whatever is spoken over them; counts the bytes of those that are open and
 * of those that were.
 */
export class NetworkTraffic {
  readonly #open = new Set<Socket>();
  #received = 0;
  #sent = 0;

  constructor(server: Server) {
    server.on('connection', socket => {
      this.#open.add(socket);
      // It comes once; `once` would keep more for it, and there are many sockets.
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
   * Ends all that are open, whatever is under way. An HTTP server would leave those alone that
   * asked for another protocol, be it that they got it or that nobody has answered; and it is not
   * closed before they are.
   */
  end(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
