/** The types of the namespace of people in rooms. */
import type { DefaultEventsMap, Namespace, Server, Socket } from 'socket.io';

import type { ClientToServer, ServerToClient } from '../../protocol/conversation.js';
import type { Identity } from '../auth/identity.js';
import type { ConnectionBudget } from './connection-budget.js';

/** What admission sets on a socket. */
export interface Admitted {
  identity: Identity;
  /** The version of the conversation that it speaks; one of SPOKEN_VERSIONS. */
  version: number;
  /** The page's origin; undefined outside browsers. */
  origin: string | undefined;
  /** The connection's budget; undefined where another parser reads its packets. */
  budget: ConnectionBudget | undefined;
}

export type PeopleServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, Admitted>;
export type PeopleNamespace = Namespace<ClientToServer, ServerToClient, DefaultEventsMap, Admitted>;
export type PeopleSocket = Socket<ClientToServer, ServerToClient, DefaultEventsMap, Admitted>;
