/** Listening on this machine alone. */
import { createServer, type RequestListener, type Server } from 'node:http';

const ADDRESS = '127.0.0.1';
/** A browser may take `localhost` for either, so a port is free only where both are. */
const ADDRESSES = [ADDRESS, '::1'];

/** Resolves once it listens on the loopback; 0 lets the system choose the port. */
export function listen(answer: RequestListener, port: number, address = ADDRESS): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(answer);
    server.once('error', reject);
    server.listen(port, address, () => resolve(server));
  });
}

/** Stops listening and ends what is open. */
export async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise(resolve => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** Those of `ports` on which somebody else listens. */
export async function takenPorts(ports: readonly number[]): Promise<readonly number[]> {
  const taken = new Set<number>();
  for (const port of ports) {
    for (const address of ADDRESSES) {
      try {
        await stop(await listen(() => undefined, port, address));
      } catch (fault) {
        // Another fault than this, say a machine without IPv6, is no obstacle.
        if (fault instanceof Error && 'code' in fault && fault.code === 'EADDRINUSE') taken.add(port);
      }
    }
  }
  return [...taken];
}
