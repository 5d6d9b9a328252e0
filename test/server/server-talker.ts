import { PROTOCOL_VERSION } from '../../protocol/version.js';
import type { Scope } from '../support/scope.js';
import { Talker } from '../support/talker.js';
import { dial } from '../support/test-socket.js';
import { signToken, type TestKey } from '../support/tokens.js';

/**
 * Someone in the room `lobby` of whatever server runs at `url`.
 * @param key one that is good without an Origin
 */
export async function enterLobby(scope: Scope, url: string, key: TestKey, person: string): Promise<Talker> {
  const { site } = key.key;
  const auth = { token: await signToken(key, { person }), protocol: PROTOCOL_VERSION };
  const socket = dial(url, { site, auth });
  scope.after(() => Promise.resolve(void socket.disconnect()));
  const talker = new Talker(socket);
  await talker.hears('welcome');
  await talker.join('lobby');
  return talker;
}
