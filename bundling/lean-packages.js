/**
 * Leaves out of Socket.IO's client what this widget never uses, about 5 KB of its 13: binary payloads, WebTransport, and what
 * only browsers of long ago needed; the last also out of Lit; and long-polling out of the first load (see
 * widget/session/long-polling.ts). Each replacement stands for one file of a package, or for one method (lean-methods.js); where an
 * update has moved or changed one, the build fails.
 */
import { createHash } from 'node:crypto';

import MagicString from 'magic-string';

import { METHODS } from './lean-methods.js';

const TRANSPORTS = `
import { WS } from './websocket.js';
export const transports = { websocket: WS };
`;

const PARSE_URI = `
export function parse(text) {
  const { protocol, hostname, port, pathname: path, search } = new URL(text);
  const queryKey = Object.fromEntries(new URLSearchParams(search));
  return { source: text, protocol: protocol.slice(0, -1), host: hostname.replace(/[[\\]]/g, ''), port, path, query: search.slice(1), queryKey };
}
`;

const ENCODE_PACKET = `
import { PACKET_TYPES } from './commons.js';
export const encodePacket = ({ type, data }, _, done) => done(PACKET_TYPES[type] + (data || ''));
export function encodePacketToBinary() {}
`;

/** A binary frame is none that our server sends, and so an error of the transport. */
const DECODE_PACKET = `
import { ERROR_PACKET, PACKET_TYPES_REVERSE } from './commons.js';
export const decodePacket = text => {
  const type = typeof text === 'string' && PACKET_TYPES_REVERSE[text.charAt(0)];
  if (!type) return ERROR_PACKET;
  return text.length > 1 ? { type, data: text.substring(1) } : { type };
};
`;

/** Retrying is the session's. */
const BACKOFF = `
export class Backoff {
  setMin() {}
  setMax() {}
  setJitter() {}
  reset() {}
}
`;

/** Managers are made by the session itself: no `io()`, no cache of them, no parsing of addresses for it. */
const SOCKET_IO = `
export { Manager } from './manager.js';
export { Socket } from './socket.js';
`;

const BINARY = `
export const deconstructPacket = packet => ({ packet, buffers: [] });
export const reconstructPacket = packet => packet;
`;

const IS_BINARY = `
export const isBinary = () => false;
export const hasBinary = () => false;
`;

/** The global object in the way that every browser of today has it; the original falls back to \`Function\`. */
const GLOBALS = `
export const nextTick = (call) => Promise.resolve().then(call);
export const globalThisShim = globalThis;
export const defaultBinaryType = 'arraybuffer';
export function createCookieJar() {}
`;

/** Every browser that knows `light-dark()`, as our styles need, has style sheets that can be adopted. */
const CSS_TAG = `
export class CSSResult {
  constructor(text) {
    this.cssText = text;
  }
  get styleSheet() {
    if (!this.sheet) (this.sheet = new CSSStyleSheet()).replaceSync(this.cssText);
    return this.sheet;
  }
  toString() {
    return this.cssText;
  }
}
export const supportsAdoptingStyleSheets = true;
export const unsafeCSS = text => new CSSResult(String(text));
export const css = (strings, ...values) => new CSSResult(String.raw({ raw: strings }, ...values));
export const adoptStyles = (root, styles) => {
  root.adoptedStyleSheets = styles.map(style => style.styleSheet ?? style);
};
export const getCompatibleStyle = style => style;
`;

const REPLACED = {
  '@lit/reactive-element/css-tag.js': CSS_TAG,
  'engine.io-client/build/esm/transports/index.js': TRANSPORTS,
  'engine.io-client/build/esm/contrib/parseuri.js': PARSE_URI,
  'engine.io-client/build/esm/contrib/has-cors.js': 'export const hasCORS = true;',
  'engine.io-client/build/esm/globals.js': GLOBALS,
  'engine.io-parser/build/esm/encodePacket.browser.js': ENCODE_PACKET,
  'engine.io-parser/build/esm/decodePacket.browser.js': DECODE_PACKET,
  'socket.io-client/build/esm/index.js': SOCKET_IO,
  'socket.io-client/build/esm/contrib/backo2.js': BACKOFF,
  'socket.io-parser/build/esm/binary.js': BINARY,
  'socket.io-parser/build/esm/is-binary.js': IS_BINARY,
};

/** Methods that nothing here calls: one connection that is never made again by itself, plain events, no retries. */
const UNUSED = {
  'socket.io-client/build/esm/socket.js': [
    ...['send', 'compress', 'volatile', 'disconnected', 'close', '_addToQueue', '_sendConnectPacket', 'ack'],
    ...['onAny', 'prependAny', 'offAny', 'listenersAny'],
    ...['onAnyOutgoing', 'prependAnyOutgoing', 'offAnyOutgoing', 'listenersAnyOutgoing'],
  ],
  'socket.io-client/build/esm/manager.js': [
    ...['reconnect', 'onreconnect', 'disconnect', 'connect', 'timeout'],
    ...['reconnection', 'reconnectionAttempts', 'reconnectionDelay', 'reconnectionDelayMax', 'randomizationFactor'],
  ],
  'socket.io-parser/build/esm/index.js': ['encodeAsBinary'],
  'engine.io-client/build/esm/socket.js': ['send'],
  'engine.io-client/build/esm/transports/websocket.js': ['createSocket'],
};

/** The plugin, for rollup. */
export function leanPackages() {
  const missing = new Set([...Object.keys(REPLACED), ...Object.keys(UNUSED), ...Object.keys(METHODS)]);
  return {
    name: 'lean-packages',
    load(id) {
      const file = fileOf(id);
      if (!Object.hasOwn(REPLACED, file)) return null;
      missing.delete(file);
      return REPLACED[file];
    },
    transform(code, id) {
      const file = fileOf(id);
      const [unused, lean] = [new Set(UNUSED[file]), new Map(Object.entries(METHODS[file] ?? {}))];
      if (unused.size + lean.size === 0) return null;
      missing.delete(file);
      const text = new MagicString(code);
      for (const { start, end, key } of methodsOf(this.parse(code))) {
        const [digest, replacement] = lean.get(key.name) ?? [];
        if (unused.delete(key.name)) text.remove(start, end);
        else if (digest === digestOf(code.slice(start, end))) {
          lean.delete(key.name);
          text.update(start, end, replacement);
        }
      }
      for (const name of unused) missing.add(`${name} in ${file}`);
      for (const name of lean.keys()) missing.add(`${name} as it was in ${file}`);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
    buildEnd(fault) {
      if (!fault && missing.size > 0) this.error(`A package has changed: there is no ${[...missing].join(', ')}`);
    },
  };
}

/** A file by its package and path. */
const fileOf = id => id.replaceAll('\\', '/').split('/node_modules/').at(-1);

const digestOf = text => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** The methods of a module's classes. */
function methodsOf({ body }) {
  const classes = body.map(node => node.declaration ?? node).filter(node => node.type === 'ClassDeclaration');
  return classes.flatMap(node => node.body.body.filter(member => member.type === 'MethodDefinition'));
}
