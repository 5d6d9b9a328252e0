import type { RoomKey } from '../domain/room-key.js';

/** A read position that is to be kept. */
export interface ReadMark {
  readonly room: RoomKey;
  readonly person: string;
  readonly seq: number;
}

/**
 * Gathers read positions while some are being kept, so that however many people read, one write is
 * under way at a time and each position is in it once.
 */
export class ReadMarkBatch {
  readonly #keep: (marks: readonly ReadMark[]) => Promise<void>;
  #next: { readonly marks: Map<string, ReadMark>; readonly kept: Promise<void> } | undefined;
  #underWay: Promise<void> = Promise.resolve();

  constructor(keep: (marks: readonly ReadMark[]) => Promise<void>) {
    this.#keep = keep;
  }

  /** Resolves when the position, or a later one of the same person, is kept. */
  add(mark: ReadMark): Promise<void> {
    const { marks, kept } = (this.#next ??= this.#gather());
    const key = `${mark.room} ${mark.person}`;
    const other = marks.get(key);
    if (!other || other.seq < mark.seq) marks.set(key, mark);
    return kept;
  }

  #gather(): { readonly marks: Map<string, ReadMark>; readonly kept: Promise<void> } {
    const marks = new Map<string, ReadMark>();
    const kept = this.#underWay.then(() => {
      this.#next = undefined;
      return this.#keep([...marks.values()]);
    });
    // One failure is told to those whose positions it lost, and not to those who come after.
    this.#underWay = kept.catch(() => undefined);
    return { marks, kept };
  }
}
