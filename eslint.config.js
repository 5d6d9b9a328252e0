/**
 * Lint: strict, type-checked TypeScript, and the map of the house as rules:
 * `widget -> protocol <- server`, and inside each side who may know whom.
 */
import eslint from '@eslint/js';
import { configs as lit } from 'eslint-plugin-lit';
import tseslint from 'typescript-eslint';

/** A rule against imports whose specifier matches, with the reason. */
const never = (regex, message) => ({ regex, message });
/** The same, but types may be imported. */
const typesOnly = (regex, message) => ({ regex, message, allowTypeImports: true });
/** Anything in a folder of ours: `../server/…` from wherever. */
const folder = (...names) => `(?:^|/)(?:${names.join('|')})/`;

/**
 * Rules for the files of one place. A later entry replaces an earlier one, so each place names all
 * that holds for it.
 */
const place = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});

const NOT_TESTS = never(folder('test', 'demo'), 'What ships knows neither tests nor the demo.');

const WIDGET = [
  NOT_TESTS,
  never(folder('server'), 'widget -> protocol: the widget knows nothing of the server.'),
  never('^@sinclair/typebox', 'TypeBox compiles checks with `new Function`: it stays out of pages.'),
  typesOnly('protocol/schema/', 'Schemas carry TypeBox: the widget takes their types alone.'),
  never('^node:', 'The widget runs in browsers.'),
];
const PANEL = (own, other) => [
  ...WIDGET,
  never(folder('session'), `A panel (${own}) never knows the session: data down, events up.`),
  never(folder(other, 'element'), `widget/${own} knows neither widget/${other} nor the element that holds them.`),
  never('^socket\\.io', 'Only widget/session talks to the server.'),
];

const SERVER = [NOT_TESTS, never(folder('widget'), 'server -> protocol: the server knows nothing of the widget.')];
const NO_SOCKET_IO = never('^(?:socket\\.io|engine\\.io)', 'Only server/realtime knows Socket.IO.');
const NO_REDIS = never('^ioredis', 'Only server/cluster knows Redis.');
const NO_SQL = never('^(?:better-sqlite3|pg)(?:$|/)', 'Only server/storage knows SQL.');
const NO_PROMETHEUS = never('^prom-client', 'Only server/metrics knows prom-client.');
/** A person at a terminal reaches the server as any program would. */
const OVER_HTTP = [
  never(
    folder('admin', 'auth', 'domain', 'http', 'metrics', 'realtime', 'storage'),
    'The command talks to the running server over HTTP; only what works without one is the server itself.',
  ),
  never('/(?:app|config|main|serve)\\.js$', 'Only what works without a running server knows how one is put together.'),
];

const STORAGE = [
  ...SERVER,
  NO_SOCKET_IO,
  NO_REDIS,
  NO_PROMETHEUS,
  never(folder('http', 'realtime', 'auth'), 'Storage implements the port of the domain and knows only that.'),
];
/** drivers.ts -> postgres, sqlite: the one table of engines. transfer copies from any to any. */
const ENGINE = other => [
  ...STORAGE,
  never(folder('transfer', other), 'An engine knows neither the other one nor who copies between them.'),
  never('/drivers\\.js$', 'The table of engines knows each engine, and no engine knows the table.'),
];

const DOM_GLOBALS = [
  'document',
  'window',
  'self',
  'HTMLElement',
  'Element',
  'Node',
  'Document',
  'localStorage',
  'sessionStorage',
  'customElements',
  'requestAnimationFrame',
  'getComputedStyle',
  'matchMedia',
  'MutationObserver',
  'ResizeObserver',
].map(name => ({ name, message: 'The session has no DOM: the same code runs in Node.' }));

const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'The environment is read where a process begins: server/config/, main.ts and cli/.',
};

/**
 * Commands and events have their names in the modules of single ones; everything else goes by
 * those.
 */
const NAMES = ['Literal', 'TemplateElement'].map(node => ({
  selector: `${node}[value${node === 'Literal' ? '' : '.cooked'}=/^(message|shape|shapes|board|command|person)\\.[a-z]+$/]`,
  message: 'Commands and events are named in their own modules alone: take their types, builders or traits from there.',
}));
/** Where they are named: the modules of single commands, and the typed methods of the client. */
const NAMING = [
  'protocol/timeline/**',
  'protocol/schema/commands/**',
  'server/domain/commands/**',
  'widget/session/room.ts',
  'widget/session/undo-history.ts',
];
/** The builders of tests, and tests of single commands. */
const NAMING_TESTS = [
  'test/support/commands.ts',
  'test/widget/session/**/*.ts',
  'test/server/later-version.test.ts',
  'test/protocol/timeline/**',
  'test/protocol/schema/**',
  'test/server/domain/commands/**',
];

/** Where the environment may be read. */
const READING = ['server/config/**/*.ts', 'server/main.ts', 'server/cli/**/*.ts', 'demo/**/*.ts', 'test/**/*.ts'];

export default tseslint.config(
  { ignores: ['**/dist/', 'node_modules/', 'data/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An empty function is the honest answer of many a default.
      '@typescript-eslint/no-empty-function': 'off',
      // `() => socket.close()` is read as what it does.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // `[...text]` takes a text apart by code points, which is what is wanted wherever it stands.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // An async method that waits for nothing still turns a throw into a rejection.
      '@typescript-eslint/require-await': 'off',
      // In a loop over an async iterator or a turn, `while (true)` says what is meant.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      eqeqeq: 'error',
      // What a callback reads before it is set can't be a constant.
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
  {
    files: ['demo/login/*.js', 'docs/recipes/**/*.js', 'test/support/pages/*.js'],
    languageOptions: {
      globals: {
        document: 'readonly',
        window: 'readonly',
        location: 'readonly',
        fetch: 'readonly',
        URLSearchParams: 'readonly',
      },
    },
  },

  place(
    ['protocol/**/*.ts'],
    [
      never(folder('widget', 'server', 'demo', 'test'), 'protocol imports nothing of ours: both sides stand on it.'),
      never('^(?!\\.|@sinclair/typebox$)', 'protocol imports nothing but TypeBox, and that in schema/ alone.'),
    ],
  ),
  place(
    ['protocol/**/*.ts'],
    [
      never(folder('widget', 'server', 'demo', 'test'), 'protocol imports nothing of ours: both sides stand on it.'),
      never('^(?!\\.)', 'Outside protocol/schema the protocol imports no package: it runs in pages.'),
    ],
    ['protocol/schema/**'],
  ),

  place(['server/**/*.ts'], [...SERVER, NO_SOCKET_IO, NO_SQL, NO_REDIS, NO_PROMETHEUS]),
  place(['server/cluster/**/*.ts'], [...SERVER, NO_SOCKET_IO, NO_SQL, NO_PROMETHEUS]),
  place(['server/metrics/**/*.ts'], [...SERVER, NO_SOCKET_IO, NO_SQL, NO_REDIS]),
  place(['server/realtime/**/*.ts'], [...SERVER, NO_SQL, NO_REDIS, NO_PROMETHEUS]),
  place(
    ['server/admin/**/*.ts'],
    [
      ...SERVER,
      NO_SOCKET_IO,
      NO_SQL,
      NO_REDIS,
      NO_PROMETHEUS,
      never(folder('storage', 'realtime', 'cli'), "The operator's API knows the ports of the domain, no adapter."),
    ],
  ),
  place(
    ['server/cli/**/*.ts'],
    [...SERVER, NO_SOCKET_IO, NO_SQL, NO_REDIS, NO_PROMETHEUS, ...OVER_HTTP],
    ['server/cli/local-commands.ts'],
  ),
  place(['server/storage/**/*.ts'], STORAGE),
  place(['server/storage/postgres/**/*.ts'], ENGINE('sqlite')),
  place(['server/storage/sqlite/**/*.ts'], ENGINE('postgres')),
  place(
    ['server/domain/**/*.ts'],
    [
      ...SERVER,
      never(folder('auth', 'http', 'realtime', 'storage', 'cluster'), 'The rules of the domain know no adapter.'),
      never('^(?!\\.)', 'The domain imports no package and no part of Node.'),
    ],
  ),

  place(['widget/**/*.ts'], WIDGET),
  place(['widget/chat/**/*.ts'], PANEL('chat', 'sketch')),
  place(['widget/sketch/**/*.ts'], PANEL('sketch', 'chat')),
  place(
    ['widget/session/**/*.ts'],
    [
      ...WIDGET,
      never(folder('element', 'chat', 'sketch'), 'The session does not know who shows it.'),
      never('^lit', 'The session has no DOM and no Lit.'),
    ],
  ),
  place(
    ['widget/frameworks/**/*.ts'],
    [...WIDGET, never(folder('session', 'chat', 'sketch'), 'Typed tags know the element alone.')],
  ),
  {
    files: ['widget/sketch/**/*.ts'],
    ignores: ['widget/sketch/canvas-painter.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'CanvasRenderingContext2D', message: 'Only canvas-painter.ts touches the canvas context.' },
      ],
    },
  },
  {
    files: ['widget/session/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...DOM_GLOBALS] },
  },
  { files: ['widget/**/*.ts'], extends: [lit['flat/recommended']] },

  // A later entry replaces an earlier one: what holds for a file is said in the last that names it.
  { files: ['**/*.ts'], rules: { 'no-restricted-syntax': ['error', ENVIRONMENT, ...NAMES] } },
  { files: READING, rules: { 'no-restricted-syntax': ['error', ...NAMES] } },
  { files: NAMING, rules: { 'no-restricted-syntax': ['error', ENVIRONMENT] } },
  { files: NAMING_TESTS, rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['server/main.ts', 'demo/**/*.ts', 'test/**/*.ts', '**/*.js', '**/*.mjs', '.ci/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // chai's `expect(x).to.be.true` is an expression, its `equal` is typed as a promise by a
      // plug-in and is none, and the promise of node:test's `test()` is awaited by nobody.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: '@types/chai', name: 'Equal' },
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
    },
  },
);
