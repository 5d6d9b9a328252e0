/**
 * The trial: a backend and two customers' sites, put together as they would be on three machines.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createApp } from '../server/app.js';
import { DEFAULT_SITE_LIMITS } from '../server/domain/site.js';
import type { Logger } from '../server/log.js';
import { BUNDLE_DIR, packageVersion } from '../server/package-version.js';
import { openSqlite } from '../server/storage/sqlite/open-sqlite.js';
import { demoSecrets } from './demo-secrets.js';
import { type EmbeddingSite, startEmbeddingSite } from './embedding-site.js';
import { ACME, DEMO_ROOM, type DemoSite, GLOBEX } from './sites.js';

export interface DemoPorts {
  readonly backend: number;
  readonly acme: number;
  readonly globex: number;
}

export interface Demo {
  readonly ports: DemoPorts;
  /** Ends everything in order. Harmless when called again. */
  close(): Promise<void>;
}

export interface DemoOptions {
  /** Where the database and the secrets are kept. */
  readonly dataDir: string;
  /** 0 lets the system choose. */
  readonly ports: DemoPorts;
  readonly log: Logger;
}

/** Keys are never replaced, so one id serves for good. */
const KEY_ID = 'demo-1';

/** Starts the backend and both sites on the loopback. */
export async function startDemo({ dataDir, ports, log }: DemoOptions): Promise<Demo> {
  await mkdir(dataDir, { recursive: true });
  const { secretKey, sites: secrets } = await demoSecrets(join(dataDir, 'demo-secrets.json'), [ACME.id, GLOBEX.id]);
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (let end = closing.pop(); end; end = closing.pop()) await end();
  };
  try {
    const storage = await openSqlite({ file: join(dataDir, 'chalk-talk.db'), secretKey });
    closing.push(() => storage.close());
    const bundleDir = fileURLToPath(BUNDLE_DIR);
    const version = await packageVersion();
    const app = await createApp({
      storage,
      secretKey,
      host: '127.0.0.1',
      port: ports.backend,
      bundleDir,
      version,
      log,
    });
    closing.push(() => app.close());

    const started = new Map<DemoSite, EmbeddingSite>();
    const portOf = (site: DemoSite) => started.get(site)?.port ?? 0;
    const open = async (site: DemoSite, other: DemoSite, port: number) => {
      const secret = Buffer.from(secrets[site.id] ?? '', 'base64url');
      const options = {
        site,
        key: { kid: KEY_ID, secret },
        port,
        backendPort: app.port,
        otherPort: () => portOf(other),
      };
      const embedding = await startEmbeddingSite(options);
      closing.push(() => embedding.close());
      started.set(site, embedding);
      await app.sites.putSite({
        id: site.id,
        name: site.name,
        origins: ['localhost', '127.0.0.1'].map(host => `http://${host}:${embedding.port}`),
        guests: { [DEMO_ROOM]: site.guests },
        limits: DEFAULT_SITE_LIMITS,
        retentionDays: null,
        strokeTimes: true,
      });
      if (!app.sites.key(site.id, KEY_ID)) {
        const key = { site: site.id, kid: KEY_ID, algorithm: 'HS256', material: secret, forServers: false } as const;
        await app.sites.addKey(key);
      }
    };
    await open(ACME, GLOBEX, ports.acme);
    await open(GLOBEX, ACME, ports.globex);
    return { ports: { backend: app.port, acme: portOf(ACME), globex: portOf(GLOBEX) }, close };
  } catch (fault) {
    await close();
    throw fault;
  }
}
