/** What people use while things break: one server, or several over the same storage. */
import type { RoomStorage } from '../../server/domain/storage.js';
import { ON_NODES } from '../support/place.js';
import type { Scope } from '../support/scope.js';
import type { TokenRequest } from '../support/tokens.js';
import { LoneServer } from './lone-server.js';
import type { NodeProcess } from './node-process.js';

export interface Service {
  /** Where people reach it, many of them: the same as long as it lasts. */
  readonly url: string;
  /** Where one person reaches it, by long-polling too; the same until the scope ends. */
  entrance(scope: Scope): Promise<string>;
  readonly processes: readonly NodeProcess[];
  /** What was said on the outputs of all processes. */
  readonly said: string;
  /** Whether a process ended by itself. */
  readonly crashed: boolean;
  token(request?: TokenRequest): Promise<string>;
  /** Ends all processes as a power cut does; what is kept stays. */
  kill(): Promise<void>;
  /** Starts all of them anew, and resolves when they are ready. */
  run(): Promise<void>;
  /** Opens what was kept. All processes must have ended; the caller closes it. */
  openStorage(): Promise<RoomStorage & { close(): Promise<void> }>;
}

/**
 * Starts one server, or three nodes where the tests are run on them. Ended, and all data gone, when
 * the scope ends.
 */
export async function startService(scope: Scope, environment: NodeJS.ProcessEnv = {}): Promise<Service> {
  if (!ON_NODES) return LoneServer.start(scope, environment);
  // One server alone needs none of the programs that several do.
  const { NodeProcesses } = await import('./node-processes.js');
  return NodeProcesses.start(scope, { environment });
}
