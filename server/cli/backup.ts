import { rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { randomId } from '../../protocol/names.js';
import type { Command } from './command.js';
import { size } from './figures.js';
import { FailedError } from './operator-api.js';

export const BACKUP_COMMAND: Command = {
  name: 'backup',
  operands: ['FILE'],
  about: "copy the running server's whole database into a new file",
  remote: true,
  async run({ api, given, screen }) {
    const file = given.operand(0);
    const bytes = await writeWhole(file, () => api().fetch('/backup'));
    screen.done(`${file}: ${size(bytes)}. It needs the server's SECRET_KEY to be of use: keep that too, elsewhere.`);
  },
};

/**
 * Writes a new file, readable by nobody else. It has its name only when it is complete and on the
 * disk; until then it has another one, of its own, so that nothing is in the way of the next backup
 * whatever happens to this one.
 *
 * @returns its bytes
 */
async function writeWhole(file: string, source: () => Promise<AsyncIterable<Uint8Array>>): Promise<number> {
  await refuseExisting(file);
  const part = `${file}.${randomId(8)}.part`;
  const stop = removedIfEnded(part);
  try {
    const handle = await open(part, 'wx', 0o600).catch((fault: unknown) => {
      throw new FailedError('file_unwritable', `${part} can't be written: ${reasonOf(fault)}`);
    });
    try {
      let bytes = 0;
      for await (const chunk of await source()) {
        await handle.writeFile(chunk);
        bytes += chunk.byteLength;
      }
      await handle.sync();
      await handle.close();
      await refuseExisting(file);
      await rename(part, file);
      await syncFolder(dirname(file));
      return bytes;
    } catch (fault) {
      await handle.close();
      await rm(part, { force: true });
      if (fault instanceof FailedError) throw fault;
      throw new FailedError('backup_cut', `The backup broke off: ${reasonOf(fault)}`);
    }
  } finally {
    stop();
  }
}

/**
 * Removes a file should a signal end this process, until the function that is returned is called.
 */
function removedIfEnded(file: string): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = (signal: NodeJS.Signals) => {
    rmSync(file, { force: true });
    stop();
    // Now that nobody listens to it, it ends the process as if nobody ever had.
    process.kill(process.pid, signal);
  };
  const stop = () => signals.forEach(signal => process.off(signal, end));
  signals.forEach(signal => process.on(signal, end));
  return stop;
}

/** Returns when the disk has the names in a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function refuseExisting(file: string): Promise<void> {
  const found = await open(file).catch((fault: unknown) => {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return undefined;
    throw new FailedError('file_unwritable', `${file} can't be written: ${reasonOf(fault)}`);
  });
  await found?.close();
  if (found) throw new FailedError('file_exists', `There is a file ${file} already: a backup goes into a new one.`);
}

function reasonOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
