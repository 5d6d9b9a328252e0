/**
 * Lays out both packages, as they are packed, from what the build left in dist: widget/dist and
 * server/dist. `node bundling/packages.js server` makes that one alone.
 *
 *     widget/dist   *.js, chunks/, node/   the element and the client (rollup.config.js)
 *                   types/                 their types, in the folders of the sources
 *                   script/                the built script
 *                   *.json                 what editors know of the tag
 *     server/dist   server/, protocol/     what the compiler made of the sources
 *                   bundle/                the built script, which the server serves
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

import { writeElementTypes } from './element-types.js';

const ABOUT = ['CHANGELOG.md', 'THIRD-PARTY.md', 'docs'];
const EDITOR_DATA = ['custom-elements.json', 'html-custom-data.json', 'web-types.json'];

const copy = (from, to, filter) => cpSync(from, to, { recursive: true, filter });

/** Text about the product; pictures are for readers of the repository. */
const layAbout = to => ABOUT.forEach(name => copy(name, join(to, name), path => !path.endsWith('.png')));

/**
 * Compiled code; what was compiled from a file that is gone stays in dist until that is cleaned.
 */
function isCode(path) {
  if (!/\.\w+$/.test(basename(path))) return true;
  const source = relative('dist', path).replace(/\.js(?:\.map)?$/, '.ts');
  return /\.js(?:\.map)?$/.test(path) && existsSync(source);
}

function layElement(to) {
  rmSync(to, { recursive: true, force: true });
  copy('dist/modules', to);
  writeElementTypes(join(to, 'types'));
  // Whoever serves this script compresses it as they like.
  copy('dist/bundle', join(to, 'script'), path => !/\.(?:br|gz)$/.test(path));
  for (const name of EDITOR_DATA) copy(join('dist', name), join(to, name));
  layAbout(to);
}

function layServer(to) {
  rmSync(to, { recursive: true, force: true });
  for (const folder of ['server', 'protocol']) copy(join('dist', folder), join(to, folder), isCode);
  copy('dist/bundle', join(to, 'bundle'));
  layAbout(to);
}

const [only] = process.argv.slice(2);
if (only !== 'server') layElement('widget/dist');
layServer('server/dist');
