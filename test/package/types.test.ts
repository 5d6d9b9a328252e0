/** What the package promises to compilers: its types, as the packages' own users import them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Type-checks a project with the compiler of this repository; what it complains of. */
function complaints(project: string): string {
  const { stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return stdout;
}

test('a right tag compiles in React, Vue, Svelte and plain TypeScript, and each wrong one is refused', () => {
  assert.equal(complaints('test/package/types'), '');
});
