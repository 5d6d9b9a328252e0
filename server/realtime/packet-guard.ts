import { Decoder, Encoder } from 'socket.io-parser';

import { RefusedError } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import type { Rates } from '../limits/rates.js';
import { ConnectionBudget } from './connection-budget.js';

/** A packet's type (not binary), namespace and acknowledgement id, up to the start of its JSON. */
const HEAD = /^[0-4](?:\/[a-z0-9-]{0,32}(?:,|$))?\d{0,10}(?=[[{]|$)/;
/** The type of packets that ask to join a namespace. */
const CONNECT = '0';
/**
 * The most CONNECTs of one connection, over all namespaces: each is answered, whether it reads the
 * answers or not.
 */
const CONNECTS = 10;

/** A `parser` for Socket.IO, with one decoder for each connection. */
export interface GuardedParser {
  readonly Encoder: typeof Encoder;
  readonly Decoder: new () => GuardedDecoder;
}

/** Reads the packets of one connection, within its budget. */
export abstract class GuardedDecoder extends Decoder {
  /** The connection's budget, replaced once the person is known. */
  abstract budget: ConnectionBudget;
}

/**
 * Socket.IO's parser, with a check of each packet before it is parsed. Refused are binary packets
 * (nothing here sends them, and half-sent attachments would take memory), deeply nested ones, and
 * more than the budget allows. A refused packet closes the connection with the RefusedError that is
 * thrown here: `invalid_input`, `too_large`, and those of ConnectionBudget.
 */
export function guardedParser(
  rates: Pick<Rates, 'packets' | 'packetSize' | 'packetPoints'>,
  now: () => number,
): GuardedParser {
  class RatedDecoder extends GuardedDecoder {
    override budget = new ConnectionBudget(rates);
    #connects = 0;

    override add(packet: unknown): void {
      if (typeof packet !== 'string') throw malformed('binary');
      const over = this.budget.packet(packet.length, now());
      if (over) throw over;
      if (packet.length > LIMITS.packetBytes) throw new RefusedError('too_large');
      const head = HEAD.exec(packet)?.[0];
      if (head === undefined) throw malformed('no packet');
      if (head.startsWith(CONNECT) && (this.#connects += 1) > CONNECTS) throw malformed('one CONNECT too many');
      if (isDeeper(packet, head.length, LIMITS.packetDepth)) throw malformed('nested too deep');
      super.add(packet);
    }
  }
  return { Encoder, Decoder: RatedDecoder };
}

function malformed(what: string): RefusedError {
  return new RefusedError('invalid_input', { message: `This is not what the protocol asks for: ${what}.` });
}
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether the JSON that begins at `start` nests arrays and objects deeper than `limit`. It need not
 * be valid JSON.
 */
export function isDeeper(text: string, start: number, limit: number): boolean {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfString(text, index + 1);
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    }
  }
  return false;
}

/** The position of the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end !== -1 && isEscaped(text, end, start)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number, start: number): boolean {
  let backslashes = 0;
  for (let index = at - 1; index >= start && text.charCodeAt(index) === BACKSLASH; index -= 1) backslashes += 1;
  return backslashes % 2 === 1;
}
