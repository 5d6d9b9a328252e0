import type { ServerOptions } from 'socket.io';

import type { PeopleServer } from './people.js';

/** Transport settings other than in production, for the public test suites of its protocol. */
export interface Transport {
  readonly settings: Partial<ServerOptions>;
  /** Opens further namespaces. Without it, the root namespace admits nobody. */
  open?(server: PeopleServer): void;
}
