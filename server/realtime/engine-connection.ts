/** The few things that we need of an Engine.IO connection and that its types hide, in one place. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';

import type { Socket } from 'socket.io';

export type EngineConnection = Socket['conn'];

/** The session id, which a client sends with every poll. */
export function sessionId(connection: EngineConnection): string {
  const id: unknown = Reflect.get(connection, 'id');
  return typeof id === 'string' ? id : '';
}

/**
 * A request's query as Engine.IO parsed it; of a repeated name the last value counts. Parsing it
 * again might check one session while another one is used.
 */
export function queryOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const query: unknown = Reflect.get(request, '_query');
  return isQuery(query) ? query : {};
}

function isQuery(query: unknown): query is Readonly<Record<string, string>> {
  return typeof query === 'object' && query !== null && Object.values(query).every(value => typeof value === 'string');
}

/**
 * Drops the request that opened the connection: nothing reads it any more, and it takes a kilobyte.
 * It is not deleted as a property, which would turn the object into a hash table of the same size.
 */
export function forgetRequest(connection: EngineConnection): void {
  Reflect.set(connection, 'request', undefined);
}

/** Drops the data of a CONNECT with its token: nothing reads it any more. */
export function forgetHandshake(socket: Pick<Socket, 'handshake'>): void {
  Reflect.set(socket, 'handshake', undefined);
}

/** A connection's decoder, as its parser made it. */
export function decoderOf({ client }: Pick<Socket, 'client'>): unknown {
  return Reflect.get(client, 'decoder');
}

/**
 * About how many bytes wait for the other side to read: in the WebSocket's own queue, and behind it
 * or the next poll.
 */
export function queuedBytes(connection: EngineConnection): number {
  const queue: unknown = Reflect.get(connection, 'writeBuffer');
  let bytes = bufferedAmount(webSocket(connection));
  if (!Array.isArray(queue)) return bytes;
  for (const packet of queue as readonly unknown[]) bytes += packetSize(packet);
  return bytes;
}

/** Cuts a connection at once, whatever is queued, and even during an orderly end. */
export function hangUp(connection: EngineConnection): void {
  const socket = webSocket(connection);
  if (socket) call(socket, 'terminate');
  // This waits up to 30 seconds for one more poll, unless told to stop.
  else if (!call(connection.transport, 'shouldClose')) connection.close(true);
}

/**
 * Cancels the timer that waits for the orderly end of a long poll: it would keep the process alive.
 */
export function forgetFarewell(connection: EngineConnection): void {
  call(connection.transport, 'shouldClose');
}

/** Stops reading what the other side sends. What is queued for it is still sent. */
export function stopReading(connection: EngineConnection): void {
  const socket = webSocket(connection);
  if (socket) call(socket, 'pause');
}

/** Calls `listener` at each ping or pong frame, where the transport is a WebSocket. */
export function onWebSocketBeat(connection: EngineConnection, listener: () => void): void {
  const socket = webSocket(connection);
  if (!(socket instanceof EventEmitter)) return;
  socket.on('ping', listener);
  socket.on('pong', listener);
}

/** Calls a method that the types don't show; false where there is none. */
function call(target: object, name: string): boolean {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== 'function') return false;
  Reflect.apply(method, target, []);
  return true;
}

function webSocket({ transport }: EngineConnection): object | undefined {
  const socket: unknown = transport.name === 'websocket' ? Reflect.get(transport, 'socket') : undefined;
  return typeof socket === 'object' && socket !== null ? socket : undefined;
}

function bufferedAmount(socket: object | undefined): number {
  const amount: unknown = socket && Reflect.get(socket, 'bufferedAmount');
  return typeof amount === 'number' ? amount : 0;
}

/** Memory of a queued packet beside its text, in bytes. */
const PACKET = 300;
/** The longest header of a frame, in bytes. */
const FRAME_HEAD = 11;

/**
 * The memory of a queued packet: its text, of two bytes a character unless all are Latin-1, and the
 * frame made of it.
 */
function packetSize(packet: unknown): number {
  if (typeof packet !== 'object' || packet === null || !('data' in packet)) return PACKET;
  const length = typeof packet.data === 'string' ? packet.data.length : 0;
  const frame = 'options' in packet ? frameSize(packet.options) : 0;
  const isPlain = frame > 0 && frame <= length + FRAME_HEAD;
  return PACKET + (isPlain ? length : length * 2) + frame;
}

function frameSize(options: unknown): number {
  if (typeof options !== 'object' || options === null || !('wsPreEncodedFrame' in options)) return 0;
  const { wsPreEncodedFrame: frame } = options;
  return Array.isArray(frame) && frame[0] instanceof Uint8Array ? frame[0].byteLength : 0;
}
