/**
 * Sessions for tests: real ones, against a real backend; what waits, waits for something that the
 * test has set going.
 */
import { Connections, type RoomOptions } from '../../../widget/session/connections.js';
import type { MessageView, RoomSession, Status } from '../../../widget/session/contract.js';
import { type Platform, realPlatform } from '../../../widget/session/platform.js';
import { Room } from '../../../widget/session/room.js';
import type { Backend } from '../../support/backend.js';
import type { ManualClock } from '../../support/manual-clock.js';
import type { TokenRequest } from '../../support/tokens.js';
import type { Scope } from '../../support/scope.js';

export interface EnterRequest extends TokenRequest {
  readonly room?: string;
  readonly transports?: RoomOptions['transports'];
  readonly getToken?: RoomOptions['getToken'];
  /** Where it connects to; default the nodes of the backend in turn. */
  readonly server?: string;
  readonly platform?: Platform;
}

/** Enters a room of the backend as a person; left when the test ends. */
export function enter(scope: Scope, backend: Backend, request: EnterRequest = {}): Room {
  const { room = 'algebra-101', transports, getToken, server = backend.address(), platform, ...token } = request;
  const session = new Connections(platform).room({
    server,
    site: token.site ?? 'acme',
    room,
    getToken: getToken ?? (() => backend.token({ forServers: true, ...token })),
    ...(transports && { transports }),
  });
  scope.after(async () => session.close());
  if (!(session instanceof Room)) throw new TypeError('A session is a Room.');
  return session;
}

/**
 * Enters by a token that is fetched, and is there.
 * @returns why tokens were asked for, and every status from then on
 */
export async function enterWatched(
  scope: Scope,
  backend: Backend,
  request: Pick<EnterRequest, 'server' | 'platform'>,
): Promise<{ readonly session: Room; readonly reasons: readonly string[]; readonly seen: ReadonlySet<string> }> {
  const reasons: string[] = [];
  const session = enter(scope, backend, {
    ...request,
    getToken: reason => {
      reasons.push(reason);
      return backend.token({ forServers: true });
    },
  });
  await reaches(session, 'connected');
  const seen = new Set<string>();
  session.subscribe(() => seen.add(session.status));
  return { session, reasons, seen };
}

/** Resolves when `holds` is true of the session: now, or after some change. */
export function until(session: RoomSession, holds: (session: RoomSession) => boolean): Promise<void> {
  return new Promise(resolve => {
    const stop = session.subscribe(() => {
      if (!holds(session)) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

export const reaches = (session: RoomSession, status: Status): Promise<void> =>
  until(session, ({ status: present }) => present === status);

/** The texts of the messages, with a mark where they are not sent. */
export const texts = ({ messages }: RoomSession): string[] =>
  messages.map(({ text, state }: MessageView) => (state === 'sent' ? text : `${text} (${state})`));

export const shapeIds = ({ board }: RoomSession): string[] => [...board.shapes.keys()];

/** The texts, once there are so many and nothing is on its way any more. */
export async function sentTexts(session: RoomSession, count: number): Promise<string[]> {
  await until(session, ({ messages }) => messages.length === count && messages.every(({ state }) => state === 'sent'));
  return texts(session);
}

/** The board, once it shows so many shapes and none of them is on its way. */
export async function settledShapes(session: RoomSession, count: number): Promise<string[]> {
  await until(
    session,
    ({ board: { shapes } }) => shapes.size === count && [...shapes.values()].every(one => !one.pending),
  );
  return shapeIds(session);
}

/** A platform whose time stands until the test moves it. */
export const platformOf = (clock: ManualClock): Platform =>
  platformWith({ now: () => clock.now(), elapsed: () => clock.now(), after: (ms, task) => clock.after(ms, task) });

/** A platform whose answers a test may replace. */
export const platformWith = (changed: Partial<Platform>): Platform => ({ ...realPlatform(), ...changed });
