/** What can be told of SQLite's write-ahead log before SQLite opens it: one that it can't read it takes for empty, and writes over it. */
import { closeSync, openSync, readSync } from 'node:fs';

const HEADER_BYTES = 32;
/** Of the header, before the two words of its own checksum. */
const CHECKED_BYTES = 24;
/** The last bit says in which order of bytes the checksum reads the words. */
const MAGIC = 0x377f0682;
const FORM = 3_007_000;

/** `empty`: nothing was ever kept in it, or a power cut came before its beginning was on the disk, and so before anything else in it was. */
export type LogState = 'missing' | 'empty' | 'sound' | 'damaged';

/** Judges a log by its header, as https://sqlite.org/fileformat2.html#the_write_ahead_log describes it. */
export function stateOfLog(path: string): LogState {
  const header = beginningOf(path);
  if (!header) return 'missing';
  if (header.byteLength < HEADER_BYTES || header.every(byte => byte === 0)) return 'empty';
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const magic = view.getUint32(0);
  if ((magic & ~1) >>> 0 !== MAGIC || view.getUint32(4) !== FORM) return 'damaged';
  const [first, second] = checksum(view, (magic & 1) === 0);
  return first === view.getUint32(CHECKED_BYTES) && second === view.getUint32(CHECKED_BYTES + 4) ? 'sound' : 'damaged';
}

function checksum(view: DataView, littleEndian: boolean): readonly [first: number, second: number] {
  let [first, second] = [0, 0];
  for (let at = 0; at < CHECKED_BYTES; at += 8) {
    first = (first + view.getUint32(at, littleEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, littleEndian) + first) >>> 0;
  }
  return [first, second];
}

/** At most the header; undefined where there is no such file. */
function beginningOf(path: string): Uint8Array | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return undefined;
    throw fault;
  }
  try {
    const bytes = new Uint8Array(HEADER_BYTES);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
