/**
 * The types of the element's package: the declarations that the compiler left in dist, as far as
 * the package's entries reach them. A type that is made of a schema (protocol/schema) is written
 * out, as what it comes down to: TypeBox, of which schemas are made, is no part of that package.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import ts from 'typescript';

const FROM = resolve('dist');
const ENTRIES = ['index', 'session/index', 'frameworks/react', 'frameworks/vue', 'frameworks/svelte'];
const WRITTEN_OUT = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;

/** Writes the types below a folder, in the folders of the sources. */
export function writeElementTypes(folder) {
  const program = ts.createProgram(
    ENTRIES.map(name => join(FROM, `widget/${name}.d.ts`)),
    {
      ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [] },
      ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true },
    },
  );
  for (const file of program.getSourceFiles()) {
    const path = relative(FROM, file.fileName);
    if (path.startsWith('..')) continue;
    const isSchema = /^protocol[\\/]schema[\\/]/.test(path);
    const text = isSchema ? withoutSchemas(file, program.getTypeChecker()) : file.text;
    if (/['"]@sinclair\/typebox/.test(text)) throw new Error(`The types in ${path} need TypeBox`);
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** A module's types alone, in words that need no schema. */
function withoutSchemas(file, checker) {
  const types = file.statements
    .filter(node => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
    .map(node => (ts.isInterfaceDeclaration(node) ? node.getFullText(file) : writtenOut(node, file, checker)));
  const body = types.join('').trim();
  const imports = file.statements.filter(ts.isImportDeclaration).flatMap(node => {
    const { text: from } = node.moduleSpecifier;
    const bindings = node.importClause?.namedBindings;
    if (!from.startsWith('.') || !bindings || !ts.isNamedImports(bindings)) return [];
    const used = bindings.elements.filter(({ name }) => new RegExp(`\\b${name.text}\\b`).test(body));
    if (used.length === 0) return [];
    return `import type { ${used.map(({ name }) => name.text).join(', ')} } from '${from}';\n`;
  });
  return `${imports.join('')}${body || 'export {};'}\n`;
}

function writtenOut(node, file, checker) {
  const type = checker.typeToString(checker.getTypeAtLocation(node), node, WRITTEN_OUT);
  const comments = file.text.slice(node.getFullStart(), node.getStart(file));
  return `${comments}export type ${node.name.text} = ${type};`;
}
