/**
 * How the load talks to each of the servers that are compared, in the words of Engine.IO and
 * Socket.IO as they go over the wire.
 */
import { PEOPLE_NAMESPACE, PROTOCOL_VERSION, SOCKET_PATH } from '../../../protocol/version.js';
import { post } from '../../support/commands.js';

export type DialectName = 'relay' | 'chalk-talk';

/** Someone who is to come into a room. */
export interface Member {
  readonly room: string;
  /** Empty where none is asked for. */
  readonly token: string;
}

export interface Dialect {
  /** Path and query of the upgrade. */
  readonly path: string;
  /** What events and acknowledgements begin with, after their type `42` or `43`: the namespace. */
  readonly namespace: string;
  /** What the CONNECT carries. */
  connect(member: Member): string;
  join(member: Member): string;
  /** Message `number` with this text. */
  say(member: Member, number: number, text: string): string;
}

/** The page that the load pretends to be. */
export const PAGE_ORIGIN = 'https://page.example';
/** The site that it belongs to. */
export const SITE = 'bench';

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  relay: {
    path: '/socket.io/?EIO=4&transport=websocket',
    namespace: '',
    connect: () => '',
    join: ({ room }) => JSON.stringify(['join', room]),
    say: (_member, _number, text) => JSON.stringify(['message', text]),
  },
  'chalk-talk': {
    path: `${SOCKET_PATH}/?EIO=4&transport=websocket&site=${SITE}`,
    namespace: `${PEOPLE_NAMESPACE},`,
    connect: ({ token }) => JSON.stringify({ token, protocol: PROTOCOL_VERSION }),
    join: ({ room }) => JSON.stringify(['join', { room }]),
    say({ room }, number, text) {
      const id = `load${String(number).padStart(12, '0')}`;
      return JSON.stringify(['command', { room, id, body: post(text) }]);
    },
  },
};

/** Characters of each message's text: a sentence. */
export const TEXT_LENGTH = 60;
const WORDS = ' and so the angle at the centre is twice the other one.';
const DIGITS = 8;

/**
 * The text of message `number`, which says its number between two marks, so that who receives it
 * knows it again.
 */
export function textOf(number: number): string {
  return `~${String(number).padStart(DIGITS, '0')}~${WORDS}`.slice(0, TEXT_LENGTH);
}

const MARK = 0x7e;

/**
 * Finds the messages in a packet by their marks, without reading it as JSON: one packet of either
 * server may hold several.
 *
 * @param onNumber told of each message's number
 */
export function findMessages(bytes: Buffer, start: number, end: number, onNumber: (number: number) => void): void {
  let at = bytes.indexOf(MARK, start);
  while (at !== -1 && at + DIGITS + 1 < end) {
    if (bytes[at + DIGITS + 1] !== MARK) throw new Error('A mark that the load did not make.');
    onNumber(digits(bytes, at + 1, at + 1 + DIGITS));
    at = bytes.indexOf(MARK, at + DIGITS + 2);
  }
}

/** The number that is written between two positions. */
export function digits(bytes: Buffer, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at += 1) number = number * 10 + (bytes[at] ?? 0) - 0x30;
  return number;
}
