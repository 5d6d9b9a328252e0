import type { RoomKey } from '../domain/room-key.js';

/** A read position that is to be stored. */
export interface ReadMark {
  readonly room: RoomKey;
  readonly person: string;
  readonly seq: number;
}

/** Batches read positions: one write at a time, with each person's last position in it once. */
export class ReadMarkBatch {
  readonly #keep: (marks: readonly ReadMark[]) => Promise<void>;
  #next: { readonly marks: Map<string, ReadMark>; readonly kept: Promise<void> } | undefined;
  #underWay: Promise<void> = Promise.resolve();

  constructor(keep: (marks: readonly ReadMark[]) => Promise<void>) {
    this.#keep = keep;
  }

  /** Resolves when the position, or a later one of the same person, is stored. */
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
    // A failure rejects the positions of its own batch, and not those of the next.
    this.#underWay = kept.catch(() => undefined);
    return { marks, kept };
  }
}
