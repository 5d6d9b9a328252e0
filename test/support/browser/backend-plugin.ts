/**
 * Gives the browser tests real backends on another origin than their page's, each behind a network
 * that can fail. A test file starts its own, so files that run side by side don't disturb each
 * other. The commands are called through ./backend.ts.
 */
import type { TestRunnerPlugin } from '@web/test-runner';

import { type Backend, startBackend } from '../backend.js';
import type { BackendCommands, CommandName } from './backend-commands.js';
import { NetworkProxy } from './network-proxy.js';

interface Started {
  readonly running: Backend;
  readonly proxy: NetworkProxy;
}

type Handlers = {
  [Name in CommandName]: (payload: BackendCommands[Name]['payload']) => Promise<BackendCommands[Name]['answer']>;
};

/** The plugin, for web-test-runner.config.js. */
export function backendPlugin(): TestRunnerPlugin {
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
    async 'chalk-start'(request) {
      const running = await startBackend({ ...request, origins: [origin] });
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
    async 'chalk-stop'(payload) {
      await find(payload).running.stop();
      return null;
    },
    async 'chalk-start-again'(payload) {
      await find(payload).running.start();
      return null;
    },
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
      // Wrapped, since the test runner takes no answer for an unknown command.
      return handler && { answer: await handler(payload) };
    },
  };
}
