/**
 * Which test files share a process. Starting Node and loading the server takes longer than most
 * files' tests, so those of one folder run one after the other in one process, some at a time.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Files of a process: few enough that the processes still end at about the same time. */
const FILES = 8;

/** Modules that import the files that share a process; in a folder of their own until `close`. */
export class SharedProcesses {
  #folder = mkdtempSync(join(tmpdir(), 'chalk-talk-tests-'));
  /** Paths of the modules. */
  modules = [];

  /** @param {readonly string[]} paths of test files below dist/test, sorted */
  constructor(paths) {
    const folders = new Map();
    for (const path of paths) folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), path]);
    for (const [folder, files] of folders) {
      for (let first = 0; first < files.length; first += FILES) {
        const imports = files
          .slice(first, first + FILES)
          .map(path => `import '${pathToFileURL(resolve('dist/test', path)).href}';\n`);
        const module = join(this.#folder, `${folder.replaceAll('/', '-')}-${first / FILES}.test.mjs`);
        writeFileSync(module, imports.join(''));
        this.modules.push(module);
      }
    }
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
