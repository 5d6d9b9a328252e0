import { Encoder, PacketType } from 'socket.io-parser';

import type { ServerToClient } from '../../protocol/conversation.js';
import type { EngineConnection } from './engine-connection.js';

const encoder = new Encoder();

/** A whole message of text in one frame (RFC 6455: FIN, opcode 1). */
const TEXT = 0x81;
/** Engine.IO's packet type `message`. */
const MESSAGE = '4';

/**
 * A fact for everyone in a room: encoded once and framed once, in one piece. Socket.IO's own broadcast frames it in two, header and payload,
 * which costs each receiver a gathering write of two buffers instead of a plain one.
 */
export class SharedFact<Name extends keyof ServerToClient> {
  readonly #text: string;
  readonly #options: { readonly compress: false; readonly wsPreEncodedFrame: readonly Buffer[] };

  constructor(namespace: string, name: Name, ...args: Parameters<ServerToClient[Name]>) {
    const packets: readonly unknown[] = encoder.encode({
      type: PacketType.EVENT,
      nsp: namespace,
      data: [name, ...args],
    });
    const text = packets[0];
    if (typeof text !== 'string') throw new TypeError(`The fact ${name} is no text.`);
    this.#text = text;
    this.#options = { compress: false, wsPreEncodedFrame: [frame(MESSAGE + text)] };
  }

  /** In order with all else that this connection is sent. A long poll gets the text, a WebSocket the frame. */
  send(connection: EngineConnection): void {
    connection.write(this.#text, this.#options);
  }
}

/** A frame from a server: not masked. */
function frame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(head + length);
  bytes[0] = TEXT;
  if (head === 2) {
    bytes[1] = length;
  } else if (head === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.write(text, head);
  return bytes;
}
