/**
 * The real backend, as a test in the browser sees it: on another origin, behind a network that the
 * test may break.
 */
import { executeServerCommand } from '@web/test-runner-commands';

import type { TokenRequest } from '../tokens.js';
import type { BackendCommands, CommandName, StartRequest } from './backend-commands.js';
import type { NetworkMode } from './network-proxy.js';

export type { NetworkMode, TokenRequest };

export interface Backend {
  /** Its origin, the same over restarts. */
  readonly url: string;
  /** The ids of its sites; each lists the test page's origin. */
  readonly sites: readonly string[];
  /** A token signed with a key of the site. */
  token(request?: TokenRequest): Promise<string>;
  /** How the network treats what comes from now on. */
  network(mode: NetworkMode): Promise<void>;
  /** Cuts every connection. */
  cut(): Promise<void>;
  /** WebSocket upgrades asked for so far. */
  upgrades(): Promise<number>;
  /** Stops the server; it stays stopped until `start`, and connections are refused. */
  stop(): Promise<void>;
  /** Starts it anew on the same data; resolves when it listens. */
  start(): Promise<void>;
  /** Stops the server and starts it anew on the same data; resolves when it listens. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a backend of the caller's own. Close it in `after`; what is left over is closed with the
 * test run.
 */
export async function startBackend(request: StartRequest = {}): Promise<Backend> {
  const { backend, url, sites } = await command('chalk-start', request);
  return {
    url,
    sites,
    token: (request = {}) => command('chalk-token', { backend, request }),
    async network(mode) {
      await command('chalk-network', { backend, mode });
    },
    async cut() {
      await command('chalk-cut', { backend });
    },
    upgrades: () => command('chalk-upgrades', { backend }),
    async stop() {
      await command('chalk-stop', { backend });
    },
    async start() {
      await command('chalk-start-again', { backend });
    },
    async restart() {
      await command('chalk-restart', { backend });
    },
    async close() {
      await command('chalk-close', { backend });
    },
  };
}

async function command<Name extends CommandName>(
  name: Name,
  payload: BackendCommands[Name]['payload'],
): Promise<BackendCommands[Name]['answer']> {
  type Answer = { answer: BackendCommands[Name]['answer'] };
  const { answer } = await executeServerCommand<Answer, BackendCommands[Name]['payload']>(name, payload);
  return answer;
}
