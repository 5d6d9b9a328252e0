/**
 * Takes out of Lit's templates the white space that only their authors need: line breaks and
 * indents of `html` and `svg` become one space, which means the same in a page, and `css` loses
 * comments and the spaces around its punctuation.
 */
import MagicString from 'magic-string';

const SHORTEN = {
  html: text => text.replace(/\s*\n\s*/g, ' '),
  svg: text => text.replace(/\s*\n\s*/g, ' '),
  // What stands in quotes stays as it is.
  css: text =>
    text
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .split(/('[^']*'|"[^"]*")/)
      .map((part, index) => (index % 2 === 1 ? part : part.replace(/\s+/g, ' ').replace(/ ?([{};,]) ?|(:) /g, '$1$2')))
      .join('')
      .replaceAll(';}', '}'),
};

/** Every tagged template of a syntax tree. */
function* taggedTemplates(node) {
  if (Array.isArray(node)) {
    for (const child of node) yield* taggedTemplates(child);
  } else if (node && typeof node.type === 'string') {
    if (node.type === 'TaggedTemplateExpression') yield node;
    for (const child of Object.values(node)) if (typeof child === 'object') yield* taggedTemplates(child);
  }
}

/** The plugin, for rollup; after what compiles TypeScript. */
export function templates() {
  return {
    name: 'templates',
    transform(code, id) {
      if (id.includes('node_modules')) return null;
      const text = new MagicString(code);
      for (const { tag, quasi } of taggedTemplates(this.parse(code))) {
        const shorten = Object.hasOwn(SHORTEN, tag.name) ? SHORTEN[tag.name] : undefined;
        if (!shorten) continue;
        for (const { start, end } of quasi.quasis) {
          if (end > start) text.update(start, end, shorten(code.slice(start, end)));
        }
      }
      return text.hasChanged() ? { code: text.toString(), map: text.generateMap({ hires: true }) } : null;
    },
  };
}
