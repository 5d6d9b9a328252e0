import { io } from 'socket.io-client';

import { PEOPLE_NAMESPACE, PROTOCOL_VERSION, SOCKET_PATH } from '../../protocol/version.js';
import type { Scope, TestSocket } from '../support/backend.js';
import { Talker } from '../support/talker.js';
import { signToken, type TestKey } from '../support/tokens.js';

/** Someone in the room `lobby` of whatever server runs at `url`. @param key one that is good without an Origin */
export async function enterLobby(scope: Scope, url: string, key: TestKey, person: string): Promise<Talker> {
  const { site } = key.key;
  const auth = { token: await signToken(key, { person }), protocol: PROTOCOL_VERSION };
  const options = { path: SOCKET_PATH, query: { site }, auth, forceNew: true, reconnection: false };
  const socket: TestSocket = io(url + PEOPLE_NAMESPACE, { ...options, transports: ['websocket'] });
  scope.after(() => Promise.resolve(void socket.disconnect()));
  const talker = new Talker(socket);
  await talker.hears('welcome');
  await talker.join('lobby');
  return talker;
}
