/** No source file imports itself, directly or by way of others, be it for a type alone. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

/** The top of the repository, as seen from dist/test/server. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDERS = ['protocol', 'server', 'widget', 'demo'];

/** The files of ours that a file imports, lazily or not. */
function importsOf(file: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), 'utf8'));
  const own = importedFiles.map(({ fileName }) => fileName).filter(name => name.startsWith('.'));
  return own.map(name => join(dirname(file), name).replace(/\.js$/, '.ts'));
}

function sources(): readonly string[] {
  return FOLDERS.flatMap(folder => {
    const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    const ours = names.filter(name => name.endsWith('.ts') && !/(^|[\\/])(node_modules|dist)[\\/]/.test(name));
    return ours.map(name => join(folder, name));
  });
}

/** The first circle that is met, by a search in depth; empty where there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const search = (file: string, way: readonly string[]): readonly string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const circle = search(next, [...way, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const circle = search(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

test('no file imports itself by way of others', () => {
  const graph = new Map(sources().map(file => [file, importsOf(file)]));
  assert.ok(graph.size > 300, `${graph.size} files were found`);
  assert.deepEqual(circleIn(graph), []);
});

test('a circle is found', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', []],
    ['d', ['e']],
    ['e', ['b']],
  ]);
  assert.deepEqual(circleIn(graph), ['b', 'd', 'e', 'b']);
});
