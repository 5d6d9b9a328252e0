import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4 } from 'node:net';

/**
 * The client's address. Each proxy appends the address of its own client to `X-Forwarded-For`. Only
 * the entries from our own proxies can be trusted: the last ones, one per proxy. Anybody may have
 * written the rest.
 *
 * @param proxies the number of proxies in front; with 0 the header is ignored
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const peer = plainAddress(request.socket.remoteAddress) ?? '';
  if (proxies === 0) return peer;
  const added = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',').slice(-proxies);
  return plainAddress(added[0]?.trim()) ?? peer;
}

/**
 * The group of addresses that share a budget. One home with IPv6 has 2^64 addresses, so a whole /64
 * network counts as one.
 */
export function addressGroup(address: string): string {
  return isIP(address) === 6 ? network(address, 4) : address;
}

/** As `addressGroup`, of a connection's other end. */
export function peerGroup(remoteAddress: string | undefined): string {
  return addressGroup(plainAddress(remoteAddress) ?? '');
}

/**
 * The largest block that one customer gets of IPv6, a /48 with 65,536 networks; undefined for an
 * IPv4 address.
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

/** Strips port, brackets and zone, and unwraps IPv4 in IPv6; undefined where it is no address. */
function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:([\d.]+)$/.exec(address)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return isIP(address) ? address : undefined;
}

/** Groups of sixteen bits. An IPv4 address at the end counts as two, whose values nobody needs. */
function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':').flatMap(group => (group.includes('.') ? ['0', '0'] : [group]));
}
