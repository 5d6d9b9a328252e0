/**
 * Leaves out of Socket.IO's client what this widget never uses: binary payloads, WebTransport,
 * reconnecting by itself, and what only browsers of long ago needed, `Function` among it, which
 * strict pages forbid; the last also out of Lit; and long-polling out of the first load (see
 * widget/session/long-polling.ts). Each replacement stands for one whole file of a package; where
 * an update has moved one, the build fails. No method is changed: what stays of those packages is
 * the code that the tests run.
 */

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

/**
 * Managers are made by the session itself: no `io()`, no cache of them, no parsing of addresses
 * for it.
 */
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

/**
 * The global object in the way that every browser of today has it; the original falls back to
 * `Function`.
 */
const GLOBALS = `
export const nextTick = (call) => Promise.resolve().then(call);
export const globalThisShim = globalThis;
export const defaultBinaryType = 'arraybuffer';
export function createCookieJar() {}
`;

/**
 * Every browser that knows `light-dark()`, as our styles need, has style sheets that can be
 * adopted.
 */
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

/**
 * The plugin, for rollup.
 *
 * @param {(file: string) => boolean} [stays] whether a package's file is not bundled here, and so
 *   not replaced
 */
export function leanPackages(stays = () => false) {
  const missing = new Set(Object.keys(REPLACED).filter(file => !stays(file)));
  return {
    name: 'lean-packages',
    load(id) {
      const file = fileOf(id);
      if (!Object.hasOwn(REPLACED, file)) return null;
      missing.delete(file);
      return REPLACED[file];
    },
    buildEnd(fault) {
      if (!fault && missing.size > 0) this.error(`A package has changed: there is no ${[...missing].join(', ')}`);
    },
  };
}

/** A file by its package and path. */
const fileOf = id => id.replaceAll('\\', '/').split('/node_modules/').at(-1);
