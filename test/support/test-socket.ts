import { io, type Socket } from 'socket.io-client';

import type { ClientToServer, ConnectAuth, ServerToClient } from '../../protocol/conversation.js';
import { PEOPLE_NAMESPACE, SOCKET_PATH } from '../../protocol/version.js';

export type TestSocket = Socket<ServerToClient, ClientToServer>;

export interface DialRequest {
  readonly site: string;
  /** What is sent with the CONNECT. */
  readonly auth: Partial<ConnectAuth>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default WebSockets alone. */
  readonly transports?: readonly ('websocket' | 'polling')[];
}

/** A raw client, which connects at once and never again by itself. Whoever dials hangs up. */
export function dial(
  server: string,
  { site, auth, headers = {}, transports = ['websocket'] }: DialRequest,
): TestSocket {
  return io(server + PEOPLE_NAMESPACE, {
    path: SOCKET_PATH,
    query: { site },
    auth,
    transports: [...transports],
    forceNew: true,
    reconnection: false,
    extraHeaders: headers,
  });
}
