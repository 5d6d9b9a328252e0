/** Whether a connection can be made, by the two ways that there are. */
import { SOCKET_PATH } from '../../../protocol/version.js';
import type { Platform } from '../../session/index.js';
import type { RoomAddress } from './ask-server.js';
import { bad, type Check, good, skipped, warning } from './report.js';
import { sourcesOf } from './server-checks.js';
import type { Circumstances } from './unreached.js';

/** What came of a connection. */
export type Opened = 'open' | 'refused' | 'silent' | 'foreign';

/** What came of both ways; polling is tried only where there is no WebSocket. */
export interface Transports {
  readonly websocket: Opened;
  readonly polling: Opened | undefined;
  /** What in the page's policy is in the way of a WebSocket. */
  readonly policy: string | undefined;
}

/**
 * How long the server's first words may take, in ms: the widget itself does not wait longer for a
 * WebSocket.
 */
const PATIENCE = 4_000;

/** Engine.IO's first packet: its type, and what the session is called. */
const OPEN_PACKET = /^0\{"sid":/;

/** Tries a WebSocket, and long-polling where that leads nowhere. */
export async function tryTransports({ server, site }: RoomAddress, around: Circumstances): Promise<Transports> {
  const { policy, platform } = around;
  const at = (transport: string): URL =>
    new URL(`${SOCKET_PATH}/?EIO=4&transport=${transport}&site=${encodeURIComponent(site)}`, server);
  const socketUrl = at('websocket');
  socketUrl.protocol = server.protocol.replace('http', 'ws');
  const websocket = await openWebSocket(socketUrl, platform);
  if (websocket === 'open') return { websocket, polling: undefined, policy: undefined };
  const refusal = await policy.refusal(socketUrl, sourcesOf(server));
  return { websocket, polling: await poll(at('polling'), platform), policy: refusal };
}

/** What is to be said of it. */
export function checkTransports({ server }: RoomAddress, { websocket, polling, policy }: Transports): readonly Check[] {
  if (websocket === 'open') {
    return [good('websocket', 'A WebSocket opens.'), skipped('polling', 'Not needed: a WebSocket opens.')];
  }
  const how = {
    silent: 'A WebSocket never opens, or nothing comes over it.',
    refused: 'A WebSocket is refused.',
    foreign: 'Over a WebSocket something else than Chalk Talk answers.',
  }[websocket];
  const advice = `Let the proxy before the server pass on the headers Upgrade and Connection for ${SOCKET_PATH}/ by HTTP/1.1, with no time limit under 60 seconds. If only some visitors have this, it is their network.`;
  if (polling === 'open') {
    const works = 'Long-polling works in its place, slower.';
    const check = policy
      ? warning('websocket', 'blocked_by_policy', `${policy} ${works}`)
      : warning('websocket', 'websocket_blocked', `${how} ${works} ${advice}`);
    return [check, good('polling', 'Long-polling works.')];
  }
  if (policy) return [bad('websocket', 'blocked_by_policy', policy), bad('polling', 'connection_blocked', NEITHER)];
  const whole = `${how} Nor does long-polling work, though ${server.origin} answers otherwise: something on the way holds up ${SOCKET_PATH}/. ${advice}`;
  return [bad('websocket', 'connection_blocked', whole), bad('polling', 'connection_blocked', NEITHER)];
}

const NEITHER = 'Long-polling gets no answer of Chalk Talk.';

async function openWebSocket(url: URL, platform: Platform): Promise<Opened> {
  const opened = new Promise<Opened>(resolve => {
    const socket = new WebSocket(url);
    const end = (opened: Opened): void => {
      cancel();
      socket.onmessage = socket.onclose = null;
      socket.close();
      resolve(opened);
    };
    const cancel = platform.after(PATIENCE, () => end('silent'));
    socket.onmessage = ({ data }) => end(typeof data === 'string' && OPEN_PACKET.test(data) ? 'open' : 'foreign');
    // Comes after each error, too.
    socket.onclose = () => end('refused');
  });
  // Some browsers throw where a page may open none.
  return await opened.catch(() => 'refused');
}

async function poll(url: URL, platform: Platform): Promise<Opened> {
  const late = new AbortController();
  const cancel = platform.after(PATIENCE, () => late.abort());
  try {
    const response = await platform.fetch(url.href, { credentials: 'omit', cache: 'no-store', signal: late.signal });
    return OPEN_PACKET.test(await response.text()) ? 'open' : 'foreign';
  } catch {
    return late.signal.aborted ? 'silent' : 'refused';
  } finally {
    cancel();
  }
}
