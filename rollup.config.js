/**
 * The widget as pages load it, in dist/bundle: `chalk-talk.js` with the sketch as a lazy chunk
 * beside it, and `chalk-talk.all.js`, one single file with everything. Each file lies there
 * compressed as well, and `integrity.json` has the value of the script tag's `integrity` attribute
 * for each.
 *
 * And the modules of the npm package, in dist/modules: the element and the client for bundlers,
 * and the client for Node in node/. Everything is in them but Lit, which a page may share, and
 * what Node alone needs: so few other packages come with this one.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { nodeResolve } from '@rollup/plugin-node-resolve';
import esbuild, { minify as shorten } from 'rollup-plugin-esbuild';
import { minify as minifyCode } from 'terser';

import { leanPackages } from './bundling/lean-packages.js';
import { templates } from './bundling/templates.js';

const BUNDLE = 'dist/bundle';
const MODULES = 'dist/modules';
/** Rebuilt on every change: quickly, rather than small. */
const watching = process.env.ROLLUP_WATCH === 'true';

const resolve = () =>
  nodeResolve({ browser: true, exportConditions: ['production', 'browser'], extensions: ['.js', '.ts'] });

/** TypeScript to JavaScript. */
function compile() {
  const plugin = esbuild({ target: 'es2022', tsconfig: 'widget/tsconfig.json' });
  // Its resolver runs before node-resolve and knows nothing of packages' `browser` maps.
  delete plugin.resolveId;
  return plugin;
}

/**
 * Short names by esbuild, which begins anew with the private names of each class, where terser goes
 * on through the whole bundle: that compresses better, by 1 KB of the first load.
 */
const shortNames = shorten({ minify: false, minifyIdentifiers: true });

/** terser, since its output is 1 KB smaller than esbuild's. */
const minify = {
  name: 'minify',
  async renderChunk(code) {
    const compress = { passes: 2, unsafe_arrows: true, pure_getters: true, keep_fargs: false };
    const options = {
      module: true,
      ecma: 2022,
      compress,
      format: { comments: false },
      sourceMap: true,
    };
    const result = await minifyCode(code, options);
    return { code: result.code, map: result.map };
  },
};

/**
 * Lazy chunks go by their module, an index by its folder; what several of them need together is
 * `shared`.
 */
const chunkName = ({ facadeModuleId }) => /([^/\\]+)(?:[/\\]index)?\.ts$/.exec(facadeModuleId ?? '')?.[1] ?? 'shared';
const hashedName = chunk => `${chunkName(chunk)}-[hash].js`;
const moduleName = chunk => `chunks/${chunkName(chunk)}.js`;

/** Every reference to a variable in a syntax tree. */
function* references(node, parent) {
  if (Array.isArray(node)) {
    for (const child of node) yield* references(child, parent);
  } else if (node && typeof node.type === 'string') {
    const isName = !parent.computed && (parent.property === node || parent.key === node);
    if (node.type === 'Identifier' && !isName) yield node.name;
    for (const child of Object.values(node)) if (typeof child === 'object') yield* references(child, node);
  }
}

/**
 * Fails the build where a bundle would not run in a page, or only in one without a strict security
 * policy.
 */
function refuseWhatPagesCannotRun() {
  return {
    name: 'refuse-what-pages-cannot-run',
    generateBundle(_, bundle) {
      for (const { fileName, type, code, moduleIds } of Object.values(bundle)) {
        if (type !== 'chunk') continue;
        const names = new Set(references(this.parse(code), {}));
        for (const name of ['require', 'process', 'Buffer', 'eval', 'Function']) {
          if (names.has(name)) this.error(`${fileName} refers to \`${name}\``);
        }
        const stray = moduleIds.find(id => /@sinclair\/typebox|\/protocol\/schema\/|^node:/.test(id));
        if (stray) this.error(`${fileName} contains ${stray}, which is for the server`);
      }
    },
  };
}

/**
 * Begins with an empty folder, since an old chunk must not be served; the folder itself stays, for
 * those who watch it.
 */
const empty = folder => ({
  name: 'empty',
  buildStart() {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) rmSync(`${folder}/${name}`, { recursive: true });
  },
});

/** When all is written: each file compressed as small as it gets, and the hashes. */
const finish = {
  name: 'finish',
  closeBundle() {
    const integrity = {};
    for (const file of readdirSync(BUNDLE)
      .filter(name => name.endsWith('.js'))
      .sort()) {
      const path = `${BUNDLE}/${file}`;
      const content = readFileSync(path);
      const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
      writeFileSync(`${path}.br`, brotliCompressSync(content, options));
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      integrity[file] = `sha384-${createHash('sha384').update(content).digest('base64')}`;
    }
    writeFileSync(`${BUNDLE}/integrity.json`, `${JSON.stringify(integrity, null, 2)}\n`);
  },
};

/**
 * Only the entry does something by being loaded, so what a lazy chunk alone uses goes into that
 * chunk.
 */
const treeshake = { moduleSideEffects: id => id.endsWith('/widget/index.ts') };

const smaller = watching ? [] : [templates(), shortNames, minify];

const output = {
  ...{ format: 'es', sourcemap: true, generatedCode: 'es2015' },
  // Whoever bundles the modules again is not told of imports twice.
  hoistTransitiveImports: false,
};

const scripts = [
  {
    input: { 'chalk-talk': 'widget/index.ts' },
    treeshake,
    output: { ...output, dir: BUNDLE, entryFileNames: '[name].js', chunkFileNames: hashedName },
    plugins: [empty(BUNDLE), resolve(), leanPackages(), compile(), ...smaller, refuseWhatPagesCannotRun()],
  },
  {
    input: 'widget/index.ts',
    treeshake,
    output: { ...output, file: `${BUNDLE}/chalk-talk.all.js`, inlineDynamicImports: true },
    plugins: [
      resolve(),
      leanPackages(),
      compile(),
      ...smaller,
      refuseWhatPagesCannotRun(),
      ...(watching ? [] : [finish]),
    ],
  },
];

const LIT = /^(?:lit|@lit|lit-html|lit-element)(?:\/|$)/;

/** By the names in widget/package.json. */
const entries = {
  index: 'widget/index.ts',
  client: 'widget/session/index.ts',
  react: 'widget/frameworks/react.ts',
  vue: 'widget/frameworks/vue.ts',
  svelte: 'widget/frameworks/svelte.ts',
};

const modules = [
  {
    input: entries,
    external: LIT,
    treeshake,
    output: { ...output, dir: MODULES, chunkFileNames: moduleName },
    plugins: [
      empty(MODULES),
      resolve(),
      leanPackages(file => LIT.test(file)),
      compile(),
      templates(),
      refuseWhatPagesCannotRun(),
    ],
  },
  {
    input: { client: entries.client },
    external: [/^node:/, 'ws', 'xmlhttprequest-ssl'],
    treeshake,
    output: { ...output, dir: `${MODULES}/node`, chunkFileNames: moduleName },
    plugins: [nodeResolve({ exportConditions: ['production'], extensions: ['.js', '.ts'] }), compile()],
  },
];

export default watching ? scripts : [...scripts, ...modules];
