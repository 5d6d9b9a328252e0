import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { signToken, type TestKey } from '../../support/tokens.js';
import { Child } from '../ask.js';
import { type DialectName, type Member, SITE } from '../load/dialect.js';
import type { ChalkTalkAnswers } from './chalk-talk-server.js';
import type { MemoryFigure } from './measured.js';
import type { RelayAnswers } from './relay-server.js';

/** One of the two servers that are compared, in a process of its own. */
export interface Peer {
  readonly dialect: DialectName;
  readonly port: number;
  /** CPU of all its threads so far, in microseconds. */
  cpu(): Promise<number>;
  /** After garbage is collected. */
  memory(): Promise<MemoryFigure>;
  /** So many people in each of so many rooms. */
  members(rooms: number, size: number): Promise<readonly Member[]>;
  close(): Promise<void>;
}

export interface PeerOptions {
  /** Of Node, for its process. */
  readonly flags?: readonly string[];
}

/** Commands a second that our site may give, in the figures that ask for more than the default. */
export const RAISED_COMMANDS_PER_SECOND = 1_000_000;

/** Starts one of the two. Ours keeps its database in a new folder, gone afterwards. */
export function startPeer(dialect: DialectName, options: PeerOptions = {}): Promise<Peer> {
  return dialect === 'relay' ? startRelay(options) : startChalkTalk(options);
}

async function startRelay({ flags = [] }: PeerOptions): Promise<Peer> {
  const child = new Child<RelayAnswers>(new URL('./relay-server.js', import.meta.url), flags);
  return {
    dialect: 'relay',
    port: await child.ask('start'),
    cpu: () => child.cpu(),
    memory: () => child.ask('memory'),
    members: (rooms, size) => Promise.resolve(seats(rooms, size).map(({ room }) => ({ room, token: '' }))),
    close: () => child.end(),
  };
}

async function startChalkTalk({ flags = [] }: PeerOptions): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-bench-'));
  const child = new Child<ChalkTalkAnswers>(new URL('./chalk-talk-server.js', import.meta.url), flags);
  const secret = randomBytes(32);
  const key: TestKey = {
    key: { site: SITE, kid: 'bench', algorithm: 'HS256', material: new Uint8Array(secret), forServers: false },
    signer: new Uint8Array(secret),
  };
  const port = await child.ask('start', {
    folder,
    kid: key.key.kid,
    secret: secret.toString('base64url'),
    commandsPerSecond: RAISED_COMMANDS_PER_SECOND,
  });
  return {
    dialect: 'chalk-talk',
    port,
    cpu: () => child.cpu(),
    memory: () => child.ask('memory'),
    members: (rooms, size) =>
      Promise.all(
        seats(rooms, size).map(async ({ room, person }) => {
          return {
            room,
            token: await signToken(key, { person, name: `Person ${person}`, rooms: { [room]: 'member' } }),
          };
        }),
      ),
    async close() {
      await child.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Who sits where: so many people in each of so many rooms. */
export function seats(rooms: number, size: number): { readonly room: string; readonly person: string }[] {
  return Array.from({ length: rooms * size }, (_, seat) => {
    return { room: `room-${String(Math.floor(seat / size))}`, person: `person-${String(seat)}` };
  });
}
