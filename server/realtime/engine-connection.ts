/**
 * The little that is needed of an Engine.IO connection and that its types keep to themselves, in
 * one place.
 */
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
 * A request's query as Engine.IO has read it, and will go by it: of a name that is given twice the
 * last value. Reading it anew would be to judge one session and let another one be used.
 */
export function queryOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const query: unknown = Reflect.get(request, '_query');
  return isQuery(query) ? query : {};
}

function isQuery(query: unknown): query is Readonly<Record<string, string>> {
  return typeof query === 'object' && query !== null && Object.values(query).every(value => typeof value === 'string');
}

/**
 * Lets go of the request that opened the connection: nothing reads it any more, and it is a
 * kilobyte for each connection. Not by deleting the property: an object that lost one is kept as a
 * hash table from then on, which takes as much again.
 */
export function forgetRequest(connection: EngineConnection): void {
  Reflect.set(connection, 'request', undefined);
}

/** Lets go of what came with a CONNECT, the token too: nothing reads it any more. */
export function forgetHandshake(socket: Pick<Socket, 'handshake'>): void {
  Reflect.set(socket, 'handshake', undefined);
}

/** What reads a connection's packets, as its parser made it. */
export function decoderOf({ client }: Pick<Socket, 'client'>): unknown {
  return Reflect.get(client, 'decoder');
}

/**
 * What memory waits for the other side to read: in the WebSocket's own queue, and behind it or
 * behind the next poll. In bytes, about.
 */
export function queuedBytes(connection: EngineConnection): number {
  const queue: unknown = Reflect.get(connection, 'writeBuffer');
  let bytes = bufferedAmount(webSocket(connection));
  if (!Array.isArray(queue)) return bytes;
  for (const packet of queue as readonly unknown[]) bytes += packetSize(packet);
  return bytes;
}

/**
 * Ends a connection at once, without waiting for what is queued or for an orderly end that is under
 * way.
 */
export function hangUp(connection: EngineConnection): void {
  const socket = webSocket(connection);
  if (socket) call(socket, 'terminate');
  // Waits up to 30 seconds for one more poll, unless it is told to stop.
  else if (!call(connection.transport, 'shouldClose')) connection.close(true);
}

/**
 * Ends a long poll's wait for an orderly end when there is nothing to wait for any more: its timer
 * would hold the process.
 */
export function forgetFarewell(connection: EngineConnection): void {
  call(connection.transport, 'shouldClose');
}

/** Reads nothing more of what the other side sends; what is queued for it still goes there. */
export function stopReading(connection: EngineConnection): void {
  const socket = webSocket(connection);
  if (socket) call(socket, 'pause');
}

/** Calls `listener` at each ping or pong of the WebSocket itself, where there is one. */
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

/** What a packet takes beside what it says, in bytes. */
const PACKET = 300;
/** What a frame has before the text, at most, in bytes. */
const FRAME_HEAD = 11;

/**
 * What a waiting packet takes in memory: its text, of two bytes a character unless all are plain,
 * and the frame that was made of it.
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
