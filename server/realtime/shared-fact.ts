import { Encoder, PacketType } from 'socket.io-parser';
import { Sender } from 'ws';

import type { ServerToClient } from '../../protocol/conversation.js';
import { PROTOCOL_VERSION } from '../../protocol/version.js';
import type { EngineConnection } from './engine-connection.js';

type Arguments<Name extends keyof ServerToClient> = Parameters<ServerToClient[Name]>;

/** A fact as it goes to connections: as text, and framed for WebSockets. */
interface Written {
  readonly text: string;
  readonly options: { readonly compress: false; readonly wsPreEncodedFrame: readonly Buffer[] };
}

const encoder = new Encoder();

/** A whole message of text (opcode 1 of RFC 6455) in one frame. The server does not mask. */
const FRAME = { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false } as const;
/** Engine.IO's packet type `message`. */
const MESSAGE = '4';

/**
 * A fact for everyone in a room: encoded once and framed once, in one piece. Socket.IO's own
 * broadcast frames it in two, header and payload, which costs each receiver a gathering write of
 * two buffers instead of a plain one.
 */
export class SharedFact<Name extends keyof ServerToClient> {
  readonly #namespace: string;
  readonly #name: Name;
  readonly #former: () => Arguments<Name>;
  readonly #present: Written;
  /** As the previous version of the conversation says it, once somebody wants that. */
  #previous: Written | undefined;

  /** @param former what the previous version of the conversation says in place of `args` */
  constructor(namespace: string, name: Name, args: Arguments<Name>, former = () => args) {
    this.#namespace = namespace;
    this.#name = name;
    this.#former = former;
    this.#present = this.#write(args);
  }

  /**
   * In order with all else that this connection is sent. A long poll gets the text, a WebSocket the
   * frame.
   *
   * @param version of the conversation, as the connection speaks it
   */
  send(connection: EngineConnection, version: number): void {
    const { text, options } =
      version === PROTOCOL_VERSION ? this.#present : (this.#previous ??= this.#write(this.#former()));
    connection.write(text, options);
  }

  #write(args: Arguments<Name>): Written {
    const packets: readonly unknown[] = encoder.encode({
      type: PacketType.EVENT,
      nsp: this.#namespace,
      data: [this.#name, ...args],
    });
    const [text] = packets;
    if (typeof text !== 'string') throw new TypeError(`The fact ${this.#name} is no text.`);
    const frame = Buffer.concat(Sender.frame(Buffer.from(MESSAGE + text), FRAME));
    return { text, options: { compress: false, wsPreEncodedFrame: [frame] } };
  }
}
