import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4 } from 'node:net';

/**
 * The address of who asks. Each proxy adds to `X-Forwarded-For` whom it was asked by, so of that
 * header only what our own proxies added is believed: the entries from the right, one a proxy. What
 * stands before them anybody may have written.
 *
 * @param proxies how many of them there are in front; with 0 the header is not looked at
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const peer = plainAddress(request.socket.remoteAddress) ?? '';
  if (proxies === 0) return peer;
  const added = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',').slice(-proxies);
  return plainAddress(added[0]?.trim()) ?? peer;
}

/**
 * What one budget is kept for. With IPv6 a single home has 2^64 addresses to come from, so its
 * network (/64) counts as one.
 */
export function addressGroup(address: string): string {
  return isIP(address) === 6 ? network(address, 4) : address;
}

/** As `addressGroup`, of whoever is at the other end of a connection. */
export function peerGroup(remoteAddress: string | undefined): string {
  return addressGroup(plainAddress(remoteAddress) ?? '');
}

/**
 * The most that one customer is handed out of IPv6, a /48 with its 65,536 networks, any of which
 * they may come from; undefined for an IPv4 address, which has nothing of the kind.
 */
export function addressNetwork(address: string): string | undefined {
  return isIP(address) === 6 ? network(address, 3) : undefined;
}

/** The network of an IPv6 address that its first groups name. */
function network(address: string, groups: number): string {
  const [before = '', after] = address.split('::');
  const head = groupsOf(before);
  const tail = groupsOf(after ?? '');
  const zeros = after === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const named = [...head, ...zeros, ...tail].slice(0, groups).map(group => Number.parseInt(group, 16).toString(16));
  return `${named.join(':')}::/${groups * 16}`;
}

/**
 * Without a port, brackets or zone, and IPv4 as such where it came over IPv6; undefined where it is
 * no address.
 */
function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:([\d.]+)$/.exec(address)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return isIP(address) ? address : undefined;
}

/**
 * Sixteen bits each; an IPv4 address at the end is two of them, of which nobody here asks what they
 * are.
 */
function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':').flatMap(group => (group.includes('.') ? ['0', '0'] : [group]));
}
