import { mkdtemp, open, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import type Router from '@koa/router';

import { RefusedError } from '../../protocol/errors.js';
import type { Backups } from '../domain/storage.js';
import { type AdminApiOptions, mustRead, takeTime } from './requests.js';

const SQLITE_FILE = 'application/vnd.sqlite3';

/** When it is worth asking again while another backup is sent, in milliseconds. */
const RETRY_AFTER = 10_000;

/**
 * The whole database as one file, while the server runs. One at a time: each takes the room of a
 * second database for a while.
 */
export function addBackup(router: Router, { storage, clock, log }: AdminApiOptions): void {
  let busy = false;
  router.get('/backup', async context => {
    const { backup, backupPrefix } = storage;
    if (!backup || backupPrefix === undefined) {
      throw new RefusedError('not_found', { message: "This server's database is backed up by tools of its own." });
    }
    if (context.method === 'HEAD') {
      context.type = SQLITE_FILE;
      context.status = 200;
      return;
    }
    if (busy) {
      throw new RefusedError('unavailable', { message: 'Another backup is being sent.', retryAfter: RETRY_AFTER });
    }
    busy = true;
    try {
      takeTime(context);
      const copy = copyOf({ backupPrefix, backup: file => backup.call(storage, file) }, context.res);
      const { size, bytes } = await copy.catch((fault: unknown) => {
        // Who asked has gone: that is why, and no fault of ours.
        if (context.req.errored) throw context.req.errored;
        log.error({ err: fault }, 'a backup failed');
        const message = `No backup can be made: ${fault instanceof Error ? fault.message : String(fault)}`;
        throw new RefusedError('unavailable', { message, cause: fault });
      });
      mustRead(context);
      bytes.once('close', () => (busy = false));
      log.info({ bytes: size }, 'a backup was made');
      context.length = size;
      const moment = new Date(clock.now()).toISOString().replaceAll(':', '').slice(0, 15);
      context.attachment(`chalk-talk-${moment}.db`);
      context.type = SQLITE_FILE;
      // Koa ends it where who asked has gone, even before it begins.
      context.body = bytes;
    } catch (fault) {
      busy = false;
      throw fault;
    }
  });
}

/**
 * A copy of the database, to be read once. Its name is gone as soon as it is open, or as soon as
 * who asked for it has gone, so that nothing is left when it is closed; nobody else can look into
 * its folder meanwhile.
 */
async function copyOf(
  storage: Backups,
  asking: ServerResponse,
): Promise<{ readonly size: number; readonly bytes: Readable }> {
  const folder = await mkdtemp(storage.backupPrefix);
  const remove = () => rm(folder, { recursive: true, force: true });
  const giveUp = () => void remove().catch(() => undefined);
  asking.once('close', giveUp);
  try {
    const file = join(folder, 'copy.db');
    await storage.backup(file);
    const handle = await open(file);
    const { size } = await handle.stat();
    return { size, bytes: handle.createReadStream() };
  } finally {
    asking.off('close', giveUp);
    await remove();
  }
}
