import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Backend } from '../support/backend.js';
import { startBackend } from '../support/backend.js';

/** A page that embeds the element, and the real backend behind it. */
export interface WidgetPages {
  /** The address of the page as this person sees it. */
  url(person: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts a page server and a backend whose sites list it. Needs the built bundle. */
export async function startWidgetPages(): Promise<WidgetPages> {
  const tokens = new Map<string, string>();
  let backend: Backend | undefined;
  const http = createServer((request, response) => {
    const person = new URL(request.url ?? '/', 'http://page').searchParams.get('person') ?? '';
    response.setHeader('content-type', 'text/html').end(page(backend?.url ?? '', tokens.get(person) ?? ''));
  });
  await new Promise<void>(listening => http.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`;
  const started = await startBackend({ origins: [origin], bundleDir: await bundleDir() });
  backend = started;
  return {
    async url(person) {
      tokens.set(person, await started.token({ person, rooms: { bench: 'member' } }));
      return `${origin}/?person=${person}`;
    },
    async close() {
      http.close();
      http.closeAllConnections();
      await started.close();
    },
  };
}

/** The folder of the built bundle; rejects where it is not built. */
async function bundleDir(): Promise<string> {
  await readFile('dist/bundle/chalk-talk.js');
  return 'dist/bundle';
}

function page(server: string, token: string): string {
  return `<!doctype html>
<title>One element</title>
<style>body { margin: 0 } chalk-talk { block-size: 100vh }</style>
<script type="module" src="${server}/v1/chalk-talk.js"></script>
<script>
  addEventListener('chalk-presence', event => (document.body.dataset.people = event.count));
  addEventListener('chalk-sketch-change', event => (document.body.dataset.shapes = event.shapes.size));
</script>
<chalk-talk site="acme" room="bench" view="sketch" token="${token}"></chalk-talk>`;
}
