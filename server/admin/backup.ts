import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import type Router from '@koa/router';

import { RefusedError } from '../../protocol/errors.js';
import type { Backups } from '../domain/storage.js';
import type { AdminApiOptions } from './admin-api.js';
import { takeTime } from './long-requests.js';

/** When it is worth asking again while another backup is sent, in milliseconds. */
const RETRY_AFTER = 10_000;

/** The whole database as one file, while the server runs. One at a time: each takes the room of a second database for a while. */
export function addBackup(router: Router, { storage, clock, log }: AdminApiOptions): void {
  let busy = false;
  router.get('/backup', async context => {
    const { backup } = storage;
    if (!backup) {
      throw new RefusedError('not_found', { message: "This server's database is backed up by tools of its own." });
    }
    if (busy) {
      throw new RefusedError('unavailable', { message: 'Another backup is being sent.', retryAfter: RETRY_AFTER });
    }
    busy = true;
    try {
      takeTime(context);
      const { size, bytes } = await copyOf({ backup: file => backup.call(storage, file) });
      bytes.once('close', () => (busy = false));
      log.info({ bytes: size }, 'a backup was made');
      context.type = 'application/vnd.sqlite3';
      context.length = size;
      const moment = new Date(clock.now()).toISOString().replaceAll(':', '').slice(0, 15);
      context.attachment(`chalk-talk-${moment}.db`);
      // Koa ends it where who asked has gone, even before it begins.
      context.body = bytes;
    } catch (fault) {
      busy = false;
      throw fault;
    }
  });
}

/**
 * A copy of the database, to be read once. Its name is gone as soon as it is open, so that whatever happens nothing is left when it is
 * closed; nobody else can look into its folder meanwhile.
 */
async function copyOf(storage: Backups): Promise<{ readonly size: number; readonly bytes: Readable }> {
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-backup-'));
  try {
    const file = join(folder, 'copy.db');
    await storage.backup(file);
    const handle = await open(file);
    const { size } = await handle.stat();
    return { size, bytes: handle.createReadStream() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
