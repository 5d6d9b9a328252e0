/**
 * The browser tests: TypeScript served as it is, in a real Chromium, against the real backend on
 * another origin. What is imported from dist/ is compiled by `npm run build:ts`.
 */
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { fileURLToPath } from 'node:url';

import { backendPlugin } from './dist/test/support/browser/backend-plugin.js';
import { findBrowser } from './dist/test/support/browser/find-browser.js';

export default {
  rootDir: '.',
  files: ['test/widget/**/*.test.ts', '!test/widget/**/*.node.test.ts'],
  nodeResolve: { browser: true, preferBuiltins: false, exportConditions: ['browser', 'production'] },
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('widget/tsconfig.json', import.meta.url)),
    }),
    backendPlugin(),
  ],
  browsers: [chromeLauncher({ launchOptions: await findBrowser() })],
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 400_000,
  // A test fails by what it waits for (test/support/browser/wait-until.ts); these end one that
  // hangs.
  testFramework: { config: { timeout: 90_000, ui: 'bdd' } },
};
