/** Where Redis is, as REDIS_URL says it. */

/** One server of Redis, or those of a Redis Cluster that are asked for the others. */
export interface RedisPlace {
  readonly hosts: readonly RedisHost[];
  readonly isCluster: boolean;
  /** Whether it is reached by TLS. */
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Always 0 in a cluster. */
  readonly database: number;
}

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

const PORT = 6_379;

/**
 * The scheme; who and with which password; hosts with their ports, several by commas; the number of
 * a database.
 */
const FORM =
  /^(?<scheme>redis|rediss|redis-cluster|rediss-cluster):\/\/(?:(?<who>[^@/?#]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<database>\d{0,3}))?$/i;

/** A name or an IPv4 address, or an IPv6 address in brackets; and a port. */
const HOST = /^(?:\[(?<six>[0-9a-f:.]+)\]|(?<name>[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?))(?::(?<port>\d{1,5}))?$/i;

/**
 * What an address says: `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`, `rediss://` by TLS; a
 * Redis Cluster `redis-cluster://[[USER]:PASSWORD@]HOST[:PORT][,HOST[:PORT]…]`, `rediss-cluster://`
 * by TLS.
 *
 * @returns undefined where it is none of these
 */
export function redisPlace(url: string): RedisPlace | undefined {
  const { scheme = '', who = '', hosts = '', database = '' } = FORM.exec(url)?.groups ?? {};
  const read = hosts.split(',').map(hostOf);
  const known = read.filter(host => host !== undefined);
  const isCluster = /cluster$/i.test(scheme);
  const colon = who.indexOf(':');
  const username = decoded(colon < 0 ? who : who.slice(0, colon));
  const password = decoded(colon < 0 ? '' : who.slice(colon + 1));
  if (known.length < read.length || username === undefined || password === undefined) return undefined;
  // Servers that are not one cluster know nothing of each other, and a cluster has one database.
  if (isCluster ? Number(database) > 0 : known.length > 1) return undefined;
  return {
    hosts: known,
    isCluster,
    tls: /^rediss/i.test(scheme),
    username: username || undefined,
    password: password || undefined,
    database: Number(database),
  };
}

function hostOf(said: string): RedisHost | undefined {
  const { six, name, port = `${PORT}` } = HOST.exec(said)?.groups ?? {};
  const host = six ?? name;
  return host === undefined || Number(port) < 1 || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
