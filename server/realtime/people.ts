/** The types of the namespace of people in rooms. */
import type { DefaultEventsMap, Namespace, Server, Socket } from 'socket.io';

import type { ClientToServer, ServerToClient } from '../../protocol/conversation.js';
import type { Identity } from '../auth/identity.js';
import type { ConnectionBudget } from './connection-budget.js';

/** What admission leaves with a socket. */
export interface Admitted {
  identity: Identity;
  /** The page's origin; undefined outside browsers. */
  origin: string | undefined;
  /**
   * What the connection may send; undefined where its packets are read by somebody else's parser.
   */
  budget: ConnectionBudget | undefined;
}

export type PeopleServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, Admitted>;
export type PeopleNamespace = Namespace<ClientToServer, ServerToClient, DefaultEventsMap, Admitted>;
export type PeopleSocket = Socket<ClientToServer, ServerToClient, DefaultEventsMap, Admitted>;
