/** Whatever a page's styles do to everything, inside the element all is as on a plain page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openBrowser } from '../support/browser/open-browser.js';
import type { Visitor } from '../support/browser/visitor.js';
import { openEmbedding } from '../support/pages/embedding.js';

/** How a part of the element lies and looks. */
interface Look {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly style: Readonly<Record<string, string>>;
}

const PROPERTIES = [
  ...['box-sizing', 'color', 'cursor', 'display', 'float', 'font-family', 'font-size', 'font-style', 'font-weight'],
  ...['letter-spacing', 'line-break', 'line-height', 'margin-top', 'padding-left', 'text-align', 'text-indent'],
  ...['text-transform', 'user-select', 'white-space', 'word-spacing'],
];

/** Everything inside, with its shadow roots, in the order of the document. */
function looks(visitor: Visitor): Promise<Look[]> {
  return visitor.page.$eval(
    'chalk-talk',
    (room, properties) => {
      const found: Look[] = [];
      const into = (root: ParentNode): void => {
        for (const element of root.querySelectorAll('*')) {
          // How large a canvas is follows what was drawn on it before.
          if (element instanceof HTMLCanvasElement) continue;
          const { width, height } = element.getBoundingClientRect();
          const computed = getComputedStyle(element);
          const style = Object.fromEntries(properties.map(name => [name, computed.getPropertyValue(name)]));
          found.push({
            name: `${element.localName}.${element.getAttribute('class') ?? ''}`.trim(),
            width: Math.round(width),
            height: Math.round(height),
            style,
          });
          if (element.shadowRoot) into(element.shadowRoot);
        }
      };
      if (room.shadowRoot) into(room.shadowRoot);
      return found;
    },
    PROPERTIES,
  );
}

test('hostile styles change nothing inside the element', async t => {
  const { origin } = await openEmbedding(t);
  const { visit } = await openBrowser(t);
  const plain = await visit(`${origin}/plain.html`);
  await plain.inRoom();
  await plain.say('As it should look');
  await plain.reads(['As it should look']);
  await plain.draws([
    [0.3, 0.3],
    [0.6, 0.6],
  ]);
  await plain.seesStrokes(1);
  const hostile = await visit(`${origin}/hostile.html`);
  await hostile.inRoom();
  await hostile.seesStrokes(1);
  await hostile.reads(['As it should look']);
  await plain.page.reload();
  await plain.inRoom();
  await plain.seesStrokes(1);

  const size = (visitor: Visitor) =>
    visitor.page.$eval('chalk-talk >>> .frame', frame => [frame.clientWidth, frame.clientHeight]);
  // A page may choose the size of the element, and what lies around it; inside, the same size gives
  // the same picture.
  const [width = 0, height = 0] = await size(hostile);
  await plain.page.$eval(
    'chalk-talk',
    (room, [wide, high]) => {
      if (room instanceof HTMLElement) Object.assign(room.style, { width: `${wide}px`, height: `${high}px` });
    },
    [width + 2, height + 2] as const,
  );
  await plain.sees(
    'the same size',
    () => size(plain),
    seen => seen[0] === width && seen[1] === height,
  );
  const wanted = await looks(plain);
  assert.ok(wanted.length > 30);
  const seen = await hostile.sees(
    'the same look',
    () => looks(hostile),
    found => found.length === wanted.length,
  );
  for (const [index, look] of wanted.entries()) assert.deepEqual(seen[index], look);
});
