/** Where a database is, as DATABASE_URL and the command `copy` say it. */

/** A file of SQLite, or a database of a PostgreSQL server. */
export type DatabasePlace = SqlitePlace | PostgresPlace;

export interface SqlitePlace {
  readonly engine: 'sqlite';
  readonly file: string;
}

export interface PostgresPlace {
  readonly engine: 'postgres';
  /** As it was said, with what it says of TLS and the like. It may hold a password. */
  readonly url: string;
}

/** The address says no such place. The message ends a sentence that begins with who said it, and never repeats the address: it may hold a password. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

/** @throws DatabaseUrlError */
export function databasePlace(url: string): DatabasePlace {
  if (/^postgres(ql)?:/i.test(url)) return postgresPlace(url);
  // After two slashes comes a host, of which there is none: what was meant as one would be a folder of the root.
  if (!/^sqlite:(?!:memory:)(?!\/\/(?!\/))[^?#]*[^?#/]$/.test(url)) {
    throw new DatabaseUrlError(
      'must be `sqlite:` and the path of a file (`sqlite:data/chalk-talk.db`, `sqlite:/srv/chalk-talk.db`), or the address of ' +
        'a database of PostgreSQL (`postgres://chalk@db.example.com/chalk`).',
    );
  }
  return { engine: 'sqlite', file: url.replace(/^sqlite:(\/\/(?=\/))?/, '') };
}

/** How a place may be called where anybody may read it: a file by its path, a database by its name and host. */
export function nameOf(place: DatabasePlace): string {
  if (place.engine === 'sqlite') return place.file;
  const { host, pathname, searchParams } = new URL(place.url);
  return `the database ${decoded(pathname.slice(1))} at ${decoded(host) || searchParams.get('host') || 'this machine'}`;
}

function postgresPlace(url: string): PostgresPlace {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  // In a password these end it: what comes after them would be taken for something else, silently.
  if (!address || address.hash !== '' || [address.username, address.password].some(part => !isEncoded(part))) {
    throw new DatabaseUrlError(
      'is no address of PostgreSQL: `postgres://USER:PASSWORD@HOST/DATABASE`. Characters of a password other than letters, digits, `-`, ' +
        '`.`, `_` and `~` are written as `%` and two hexadecimal digits.',
    );
  }
  if (address.hostname.includes(',')) {
    throw new DatabaseUrlError('names several hosts: name one, that of whatever leads to the present primary.');
  }
  if (!/^\/[^/]+$/.test(address.pathname) || !isEncoded(address.pathname)) {
    throw new DatabaseUrlError('names no database: `postgres://USER:PASSWORD@HOST/DATABASE`.');
  }
  return { engine: 'postgres', url };
}

function isEncoded(part: string): boolean {
  return decodedOrNothing(part) !== undefined;
}

function decoded(part: string): string {
  return decodedOrNothing(part) ?? part;
}

function decodedOrNothing(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
