/** What file systems need to be told so that a file outlives a power cut. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Gives a file its name when the disk has all of it, and returns when the disk has the name too. */
export async function publish(part: string, file: string): Promise<void> {
  await sync(part);
  await rename(part, file);
  await sync(dirname(file));
}

/** Returns when the disk has a file, or the names in a folder. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
