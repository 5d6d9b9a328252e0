import type { ServerOptions } from 'socket.io';

import type { PeopleServer } from './people.js';

/**
 * The transport set otherwise than for people on pages, as the public test suites of its protocol
 * ask for it.
 */
export interface Transport {
  readonly settings: Partial<ServerOptions>;
  /**
   * Opens what else is to be had on it. Where nothing is, the root namespace is closed to everyone.
   */
  open?(server: PeopleServer): void;
}
