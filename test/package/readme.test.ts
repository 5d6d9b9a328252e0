/** The README and the pages beside it say what there is: no more, no less. */
import assert from 'node:assert/strict';
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { ConfigError, readConfig } from '../../server/config/config.js';
import { ROOT } from './recipe.js';

interface Named {
  readonly name: string;
}

/** What the element's manifest says, as far as it is looked at here. */
interface Declaration {
  readonly tagName: string;
  readonly attributes: readonly Named[];
  readonly members: readonly (Named & { readonly kind: string; readonly attribute?: string })[];
  readonly events: readonly Named[];
  readonly cssParts: readonly Named[];
  readonly cssProperties: readonly Named[];
}

const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
const names = (list: readonly Named[]) => list.map(({ name }) => name).sort();

/** What stands in code in the first column of the table under this head. */
function firstColumn(head: string): string[] {
  const rows = readme
    .slice(readme.indexOf(`\n| ${head} |`))
    .split('\n')
    .slice(3);
  const table = rows.slice(0, rows.indexOf(''));
  return table
    .flatMap(row => [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code))
    .sort();
}

async function declaration(): Promise<Declaration> {
  const text = await readFile(join(ROOT, 'widget/dist/custom-elements.json'), 'utf8');
  const { modules } = JSON.parse(text) as {
    modules: readonly { path: string; declarations: readonly Declaration[] }[];
  };
  const [module] = modules;
  assert.equal(module?.path, 'dist/index.js');
  const [found] = module.declarations;
  assert.ok(found);
  assert.equal(found.tagName, 'chalk-talk');
  return found;
}

test('the manifest and the README name the same attributes, members and events', async () => {
  const { attributes, members, events } = await declaration();
  assert.deepEqual(names(attributes), firstColumn('attribute'));
  assert.deepEqual(names(events), firstColumn('event'));
  const others = members.filter(({ kind, attribute }) => kind === 'method' || attribute === undefined);
  assert.deepEqual(
    names(others),
    firstColumn('member').map(code => code.replace(/\(.*\)$/, '')),
  );
});

test('the manifest and the README name the same custom properties and parts', async () => {
  const { cssProperties, cssParts } = await declaration();
  const look = /### Its look\n(.*?)\n### /s.exec(readme)?.[1] ?? '';
  const code = [...look.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name).filter(name => /^[a-z-]+$/.test(name));
  const isProperty = (name: string) => name.startsWith('--');
  assert.deepEqual(names(cssProperties), code.filter(name => isProperty(name) && name !== '--chalk-').sort());
  assert.deepEqual(names(cssParts), code.filter(name => !isProperty(name)).sort());
});

test('the README names every setting that the server reads, and no other', () => {
  const asked = new Set<string>();
  const environment = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get(_, name) {
        if (typeof name === 'string') asked.add(name);
        return undefined;
      },
    },
  );
  assert.throws(() => readConfig(environment), ConfigError);
  assert.deepEqual(firstColumn('variable'), [...asked].sort());
});

test('what the pages link to is there', async () => {
  const docs = await readdir(join(ROOT, 'docs'), { recursive: true });
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...docs.filter(name => name.endsWith('.md')).map(name => `docs/${name}`),
  ];
  const broken: string[] = [];
  for (const page of pages) {
    const text = await readFile(join(ROOT, page), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
      const found = access(join(ROOT, dirname(page), link)).then(() => true);
      if (!(await found.catch(() => false))) broken.push(`${page} -> ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});
