/**
 * The little of WebSocket's framing (RFC 6455) that the load needs: whole text messages, over bytes
 * that are never made into strings.
 */

/**
 * A text message as a client sends it. The mask is zero: framing asks for one, and says nothing of
 * its worth to those who lie.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length > 125 ? 8 : 6;
  const frame = Buffer.alloc(head + length);
  frame[0] = 0x81;
  if (length > 125) {
    if (length > 0xffff) throw new RangeError('The load sends nothing this long.');
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | length;
  }
  frame.write(text, head);
  return frame;
}

/**
 * Told of each whole message: where its payload lies. The bytes are another's as soon as it
 * returns.
 */
export type OnMessage = (bytes: Buffer, start: number, end: number) => void;

/** Cuts what a server sends into its messages, whatever pieces it comes in. */
export class FrameReader {
  /** The beginning of a message whose rest is still to come. */
  #rest: Buffer | undefined;
  readonly #onMessage: OnMessage;

  constructor(onMessage: OnMessage) {
    this.#onMessage = onMessage;
  }

  /** Takes what came; `bytes` may be written over afterwards. */
  take(bytes: Buffer): void {
    const all = this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes;
    let at = 0;
    while (at < all.length) {
      const next = this.#message(all, at);
      if (next === undefined) break;
      at = next;
    }
    this.#rest = at < all.length ? Buffer.from(all.subarray(at)) : undefined;
  }

  /** Where the message at `at` ends; undefined while it is not all there. */
  #message(bytes: Buffer, at: number): number | undefined {
    const left = bytes.length - at;
    if (left < 2) return undefined;
    let length = (bytes[at + 1] ?? 0) & 0x7f;
    let head = 2;
    if (length === 126) {
      if (left < 4) return undefined;
      length = bytes.readUInt16BE(at + 2);
      head = 4;
    } else if (length === 127) {
      if (left < 10) return undefined;
      length = bytes.readUIntBE(at + 4, 6);
      head = 10;
    }
    const end = at + head + length;
    if (end > bytes.length) return undefined;
    this.#onMessage(bytes, at + head, end);
    return end;
  }
}
