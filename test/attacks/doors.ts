/** The ways into the server, and what is said at each to somebody who should not come in. */
import { isRefusalCode } from '../../protocol/errors.js';
import { PEOPLE_NAMESPACE, PROTOCOL_VERSION } from '../../protocol/version.js';
import { NoUpgrade, RawWebSocket } from '../faults/raw-websocket.js';
import { ORIGIN } from '../support/backend.js';
import { Polling } from './polling.js';

/** Who asks for what, and from where. */
export interface Visit {
  readonly server: string;
  readonly token?: unknown;
  readonly site?: string;
  /** null sends none; default the one that the site lists. */
  readonly origin?: string | null;
  readonly room?: string;
  /**
   * What is sent with the CONNECT, word for word; default the token and the version of the
   * protocol.
   */
  readonly auth?: string;
}

export const LET_IN = 'let in';

type Door = (visit: Visit) => Promise<string>;

/** CONNECT over a WebSocket. */
const webSocket: Door = async ({ server, site = 'acme', origin = ORIGIN, ...rest }) => {
  try {
    const socket = await RawWebSocket.open(server, { site }, origin === null ? {} : { origin });
    const answer = socket.hears(isAnswer).catch(() => undefined);
    socket.text(connectPacket(rest));
    const said = await answer;
    socket.close();
    return verdictOf(said);
  } catch (fault) {
    if (fault instanceof NoUpgrade) return `HTTP ${fault.status}`;
    throw fault;
  }
};

/** CONNECT over long-polling. */
const polling: Door = async ({ server, site = 'acme', origin = ORIGIN, ...rest }) => {
  const session = await Polling.open({ server, site, origin });
  if (!(session instanceof Polling)) return codeIn(session);
  if ((await session.send(connectPacket(rest))) !== 200) return 'closed';
  const verdict = verdictOf(await session.hears(isAnswer));
  await session.send('1');
  return verdict;
};

/** A snapshot over HTTP. */
const snapshot: Door = async ({ server, site = 'acme', origin = ORIGIN, room = 'lobby', token }) => {
  const answer = await fetch(`${server}/v1/sites/${site}/rooms/${room}/snapshot`, {
    headers: { ...(origin !== null && { origin }), authorization: `Bearer ${String(token)}` },
  });
  return codeIn(answer);
};

const DOORS = { WebSocket: webSocket, polling, HTTP: snapshot } as const;
export type DoorName = keyof typeof DOORS;

/** Knocks at one door: a code of refusal, a status without one, `closed`, or LET_IN. */
export function knockAt(door: DoorName, visit: Visit): Promise<string> {
  return DOORS[door](visit);
}

/** Knocks at every door: what is said at all of them alike, else each with its own. */
export async function knock(visit: Visit): Promise<string> {
  const said = await Promise.all(Object.entries(DOORS).map(async ([name, door]) => [name, await door(visit)] as const));
  const [first] = said;
  if (said.every(([, verdict]) => verdict === first?.[1])) return first?.[1] ?? '';
  return said.map(([name, verdict]) => `${name} ${verdict}`).join(', ');
}

/** The code of a refusal over HTTP, or its status where it has none. */
export async function codeIn(answer: Response): Promise<string> {
  const text = await answer.text();
  if (answer.ok) return LET_IN;
  return /"code":"(\w+)"/.exec(text)?.[1] ?? `HTTP ${answer.status}`;
}

function connectPacket({ token, auth }: Pick<Visit, 'token' | 'auth'>): string {
  return `40${PEOPLE_NAMESPACE},${auth ?? JSON.stringify({ token, protocol: PROTOCOL_VERSION })}`;
}

function isAnswer(packet: string): boolean {
  return /^4[04]/.test(packet);
}

function verdictOf(packet: string | undefined): string {
  if (packet === undefined) return 'closed';
  if (packet.startsWith('40')) return LET_IN;
  const code = /"code":"(\w+)"/.exec(packet)?.[1];
  return isRefusalCode(code) ? code : packet;
}
