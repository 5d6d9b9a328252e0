import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A static import or export of compiled code, of a file of ours. What is imported on demand is
 * another matter.
 */
const IMPORT = /^(?:import|export)\b[^;]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm;

/** What compiled files import, each file read once. */
export class Imports {
  #known = new Map();

  /**
   * Everything of ours that a file of the tests imports, directly or by way of other files of the
   * tests. What those import that are no tests does not count.
   *
   * @param {string} file below the folder of the package: `dist/test/server/app.test.js`
   * @param {ReadonlySet<string>} ends files beyond which is not looked
   * @returns {ReadonlySet<string>} paths of the same form
   */
  reachedFrom(file, ends = new Set()) {
    const reached = new Set();
    const open = [file];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (ends.has(next) || !next.startsWith('dist/test/')) continue;
      for (const imported of this.#of(next)) {
        if (reached.has(imported)) continue;
        reached.add(imported);
        open.push(imported);
      }
    }
    return reached;
  }

  #of(file) {
    const known = this.#known.get(file);
    if (known) return known;
    const text = readFileSync(file, 'utf8');
    const imported = [...text.matchAll(IMPORT)].map(([, from, bare]) => join(dirname(file), from ?? bare));
    this.#known.set(file, imported);
    return imported;
  }
}
