/**
 * Gives the browser tests real backends on another origin than their page's, each behind a network that can fail. A test file
 * starts its own, so files that run side by side don't disturb each other. The commands are called through ./backend.ts.
 */
import type { TestRunnerPlugin } from '@web/test-runner';

import type { BackendCommands, CommandName, TokenRequest } from './backend-commands.js';
import { NetworkProxy } from './network-proxy.js';

/** What this plugin needs of a backend. */
interface RunningBackend {
  readonly url: string;
  readonly sites: readonly string[];
  token(request: TokenRequest): Promise<string>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface Started {
  readonly running: RunningBackend;
  readonly proxy: NetworkProxy;
}

type Handlers = {
  [Name in CommandName]: (payload: BackendCommands[Name]['payload']) => Promise<BackendCommands[Name]['answer']>;
};

/** @param start starts a backend whose sites list `origin` */
export function backendPlugin(start: (origin: string) => Promise<RunningBackend>): TestRunnerPlugin {
  const started = new Map<string, Started>();
  let origin = '';

  const find = ({ backend }: { backend: string }): Started => {
    const found = started.get(backend);
    if (!found) throw new Error(`There is no backend ${backend}: it was closed, or never started.`);
    return found;
  };
  const close = async (backend: string): Promise<void> => {
    const found = started.get(backend);
    started.delete(backend);
    await found?.proxy.close();
    await found?.running.close();
  };

  const handlers: Handlers = {
    async 'chalk-start'() {
      const running = await start(origin);
      const proxy = new NetworkProxy(() => new URL(running.url));
      const url = await proxy.listen();
      started.set(url, { running, proxy });
      return { backend: url, url, sites: running.sites };
    },
    'chalk-token': async payload => await find(payload).running.token(payload.request),
    async 'chalk-network'(payload) {
      find(payload).proxy.mode = payload.mode;
      return null;
    },
    async 'chalk-cut'(payload) {
      find(payload).proxy.cut();
      return null;
    },
    'chalk-upgrades': async payload => find(payload).proxy.upgrades,
    async 'chalk-restart'(payload) {
      await find(payload).running.restart();
      return null;
    },
    async 'chalk-close'({ backend }) {
      await close(backend);
      return null;
    },
  };

  return {
    name: 'chalk-backend',
    serverStart({ config }) {
      origin = `http://${config.hostname}:${config.port}`;
    },
    async serverStop() {
      await Promise.all([...started.keys()].map(close));
    },
    async executeCommand({ command, payload }) {
      const handler = (handlers as Record<string, ((payload: unknown) => Promise<unknown>) | undefined>)[command];
      return await handler?.(payload);
    },
  };
}
