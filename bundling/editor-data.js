/**
 * What editors know of `<chalk-talk>`, made from dist/custom-elements.json:
 * dist/html-custom-data.json for VS Code (its setting `html.customData`), dist/web-types.json for
 * JetBrains' editors, which find it by the package's field `web-types`. The words that an attribute
 * may hold are put into all three: the manifest as it is analyzed has only the names of their
 * types.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import ts from 'typescript';

const read = path => JSON.parse(readFileSync(path, 'utf8'));
const write = (path, content) => writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);

const { name, version } = read('widget/package.json');
const manifest = read('dist/custom-elements.json');
const [{ declarations }] = manifest.modules;
const [element] = declarations;

const isFlag = ({ type }) => type?.text === 'boolean';
const wordsOf = wordsOfProperties();
for (const attribute of element.attributes) {
  const words = wordsOf(attribute.fieldName ?? attribute.name);
  if (words.length > 0) attribute.type = { text: words.map(word => `'${word}'`).join(' | ') };
}
write('dist/custom-elements.json', manifest);

/** A member, attribute or part by its name, with what is said of it. */
const named = ({ name, description }) => (description ? { name, description } : { name });
/** The same for VS Code, which is told that it is Markdown. */
const marked = ({ name, description: value }) =>
  value ? { name, description: { kind: 'markdown', value } } : { name };

write('dist/html-custom-data.json', {
  version: 1.1,
  tags: [
    {
      ...marked({ name: element.tagName, description: element.description }),
      attributes: element.attributes.map(attribute => {
        const words = wordsOf(attribute.fieldName ?? attribute.name);
        return {
          ...marked(attribute),
          // `v` is a set that editors know: an attribute that takes no value.
          ...(isFlag(attribute) && { valueSet: 'v' }),
          ...(words.length > 0 && { values: words.map(name => ({ name })) }),
        };
      }),
    },
  ],
});

write('dist/web-types.json', {
  $schema: 'https://json.schemastore.org/web-types',
  ...{ name, version, 'js-types-syntax': 'typescript', 'description-markup': 'markdown' },
  contributions: {
    html: {
      elements: [
        {
          ...named({ name: element.tagName, description: element.description }),
          attributes: element.attributes.map(attribute => ({
            ...named(attribute),
            value: isFlag(attribute)
              ? { kind: 'no-value', type: 'boolean' }
              : { type: attribute.type?.text ?? 'string' },
          })),
          js: {
            properties: element.members
              .filter(({ kind, static: isStatic }) => kind === 'field' && !isStatic)
              .map(field => ({ ...named(field), ...(field.type && { type: field.type.text }) })),
            events: element.events.map(named),
          },
          css: {
            properties: element.cssProperties.map(named),
            parts: element.cssParts.map(named),
          },
        },
      ],
    },
  },
});

/** Tells the words that a property of the element may hold, in the order of their type. */
function wordsOfProperties() {
  const file = resolve('dist/widget/element/chalk-talk.d.ts');
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [] };
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const declared = program.getSourceFile(file).statements.find(ts.isClassDeclaration);
  const type = checker.getTypeAtLocation(declared);
  return name => {
    const property = type.getProperty(name);
    const types = property ? checker.getTypeOfSymbol(property) : undefined;
    return types?.isUnion() ? types.types.filter(one => one.isStringLiteral()).map(({ value }) => value) : [];
  };
}
