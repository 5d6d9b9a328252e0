/**
 * What editors are told of the tag says the same as the manifest, which a test holds to the
 * README.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT } from './recipe.js';

interface Named {
  readonly name: string;
  readonly description?: unknown;
}

async function dataOf<Form>(name: string): Promise<Form> {
  return JSON.parse(await readFile(join(ROOT, 'widget/dist', name), 'utf8')) as Form;
}

const names = (list: readonly Named[]) => list.map(({ name }) => name);

const manifest = await dataOf<{
  modules: [{ declarations: [Record<'attributes' | 'events' | 'cssParts' | 'cssProperties', readonly Named[]>] }];
}>('custom-elements.json');
const [element] = manifest.modules[0].declarations;

test('VS Code is told every attribute with what it means, and the words that it may hold', async () => {
  const { tags } = await dataOf<{
    tags: [Named & { attributes: readonly (Named & { values?: readonly Named[]; valueSet?: string })[] }];
  }>('html-custom-data.json');
  assert.deepEqual(names(tags), ['chalk-talk']);
  const { attributes } = tags[0];
  assert.deepEqual(names(attributes), names(element.attributes));
  assert.ok(attributes.every(({ description }) => description));
  const words = Object.fromEntries(attributes.map(({ name, values }) => [name, names(values ?? [])]));
  assert.deepEqual(words['view'], ['both', 'chat', 'sketch']);
  assert.deepEqual(words['corner'], ['bottom-end', 'bottom-start', 'top-end', 'top-start']);
  assert.deepEqual(words['room'], []);
  assert.deepEqual(names(attributes.filter(({ valueSet }) => valueSet === 'v')), ['open', 'preconnect', 'readonly']);
});

test("JetBrains' editors are told attributes, events, parts and custom properties", async () => {
  const { contributions } = await dataOf<{
    contributions: {
      html: {
        elements: [
          Named & {
            attributes: readonly Named[];
            js: { events: readonly Named[]; properties: readonly Named[] };
            css: { parts: readonly Named[]; properties: readonly Named[] };
          },
        ];
      };
    };
  }>('web-types.json');
  const [{ name, attributes, js, css }] = contributions.html.elements;
  assert.equal(name, 'chalk-talk');
  assert.deepEqual(names(attributes), names(element.attributes));
  assert.deepEqual(names(js.events), names(element.events));
  assert.ok(names(js.properties).includes('getToken'));
  assert.deepEqual(names(css.parts), names(element.cssParts));
  assert.deepEqual(names(css.properties), names(element.cssProperties));
});
