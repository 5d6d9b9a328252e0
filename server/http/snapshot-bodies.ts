import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import type { Snapshot } from '../../protocol/timeline/state.js';
import type { RoomKey } from '../domain/room-key.js';
import type { RoomHead, RoomStorage } from '../domain/storage.js';

const compressors = { br: promisify(brotliCompress), gzip: promisify(gzip) };

export const SNAPSHOT_ENCODINGS = ['br', 'gzip', 'identity'] as const;
export type SnapshotEncoding = (typeof SNAPSHOT_ENCODINGS)[number];

/**
 * Quick rather than small: quality 4 comes to within a few per cent of gzip's best at a fraction of
 * the time.
 */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** Bytes that are kept of the rooms that were asked for last. */
const KEPT = 64 * 1024 * 1024;

/**
 * Bytes, about, that keeping a room takes besides its JSON: without them empty rooms, of any name,
 * would seem to cost nothing.
 */
const OVERHEAD = 1_024;

interface Kept {
  readonly etag: string;
  readonly json: Buffer;
  /** Made when first asked for. */
  readonly compressed: Map<SnapshotEncoding, Promise<Buffer>>;
}

/**
 * What a snapshot depends on: what was appended, what was forgotten, and what was erased for good.
 */
type SnapshotState = Pick<RoomHead, 'epoch' | 'seq' | 'floor' | 'redactions'>;

/** The entity tag of a snapshot. Weak, since each encoding of it has other bytes. */
export function snapshotTag({ epoch, seq, floor, redactions }: SnapshotState): string {
  return `W/"${epoch}-${seq}-${floor}-${redactions}"`;
}

/**
 * Snapshots as they cross the wire. A room that many come to at once is read, written as JSON and
 * compressed once for all of them.
 */
export class SnapshotBodies {
  readonly #storage: Pick<RoomStorage, 'snapshot'>;
  /** One a room, in order of last use. */
  readonly #kept = new Map<RoomKey, Kept>();
  readonly #loading = new Map<RoomKey, Promise<Kept>>();
  readonly #limit: number;
  readonly #inWords: (snapshot: Snapshot) => object;
  #bytes = 0;

  /**
   * @param limit bytes that are kept at most, of JSON and of keeping it
   * @param inWords the snapshot as a version of the conversation says it; default the present one
   */
  constructor(
    storage: Pick<RoomStorage, 'snapshot'>,
    limit = KEPT,
    inWords: (snapshot: Snapshot) => object = snapshot => snapshot,
  ) {
    this.#storage = storage;
    this.#limit = limit;
    this.#inWords = inWords;
  }

  /** The room as of `head`, or later. */
  async body(
    room: RoomKey,
    head: SnapshotState,
    encoding: SnapshotEncoding,
  ): Promise<{ readonly etag: string; readonly bytes: Buffer }> {
    const known = this.#kept.get(room);
    const kept = known?.etag === snapshotTag(head) ? known : await this.#load(room, head.floor);
    this.#keep(room, kept);
    return { etag: kept.etag, bytes: await encoded(kept, encoding) };
  }

  #load(room: RoomKey, floor: number): Promise<Kept> {
    let loading = this.#loading.get(room);
    if (!loading) {
      loading = this.#read(room, floor).finally(() => this.#loading.delete(room));
      this.#loading.set(room, loading);
    }
    return loading;
  }

  /**
   * @param floor as it was before: what is forgotten meanwhile makes the tag an old one, never a
   *   false one.
   */
  async #read(room: RoomKey, floor: number): Promise<Kept> {
    const snapshot = await this.#storage.snapshot(room);
    return {
      etag: snapshotTag({ ...snapshot, floor }),
      json: Buffer.from(JSON.stringify(this.#inWords(snapshot))),
      compressed: new Map(),
    };
  }

  #keep(room: RoomKey, kept: Kept): void {
    this.#forget(room);
    this.#kept.set(room, kept);
    this.#bytes += kept.json.length + OVERHEAD;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.#forget(oldest);
    }
  }

  #forget(room: RoomKey): void {
    const kept = this.#kept.get(room);
    if (!kept) return;
    this.#kept.delete(room);
    this.#bytes -= kept.json.length + OVERHEAD;
  }
}

async function encoded({ json, compressed }: Kept, encoding: SnapshotEncoding): Promise<Buffer> {
  if (encoding === 'identity') return json;
  let bytes = compressed.get(encoding);
  if (!bytes) {
    bytes = encoding === 'br' ? compressors.br(json, BROTLI) : compressors.gzip(json);
    compressed.set(encoding, bytes);
  }
  return bytes;
}
