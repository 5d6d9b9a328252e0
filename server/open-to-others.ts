import { stat } from 'node:fs/promises';

/** Group's and others' leave to read, and to write. */
const OTHERS = 0o066;

/** Whether others than its owner may read or write a file. Windows has no such permissions, and Node makes them up there. */
export async function isOpenToOthers(file: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  const { mode } = await stat(file);
  return (mode & OTHERS) !== 0;
}
