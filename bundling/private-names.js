/**
 * Numbers the private members of each class anew, the most used first. The minifier gives every private name of a bundle a short one
 * of its own, though a name means something only in its class: numbered, the same few come in every class, which compresses better
 * (0.8 KB of the first load).
 */
import MagicString from 'magic-string';

/** Every node of a syntax tree. */
function* nodesOf(node) {
  if (Array.isArray(node)) {
    for (const child of node) yield* nodesOf(child);
  } else if (node && typeof node.type === 'string') {
    yield node;
    for (const child of Object.values(node)) if (typeof child === 'object') yield* nodesOf(child);
  }
}

/** The plugin, for rollup; before what minifies. */
export function privateNames() {
  return {
    name: 'private-names',
    renderChunk(code) {
      const text = new MagicString(code);
      for (const { type, body } of nodesOf(this.parse(code))) {
        if (type !== 'ClassBody') continue;
        const inside = [...nodesOf(body)];
        // A class within a class may use the names of both.
        if (inside.some(node => node.type === 'ClassBody'))
          this.error('a class within a class: its names would be mixed up');
        const uses = new Map();
        const names = inside.filter(node => node.type === 'PrivateIdentifier');
        for (const { name } of names) uses.set(name, (uses.get(name) ?? 0) + 1);
        const order = [...uses].sort(([, a], [, b]) => b - a).map(([name]) => name);
        for (const { start, end, name } of names) text.update(start, end, `#p${order.indexOf(name)}`);
      }
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
