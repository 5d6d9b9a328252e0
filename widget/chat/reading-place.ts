import { countAfter, newestSeq, type TalkMessage } from './message.js';

/** How far the person has read in this visit, and where the line "New" goes. */
export class ReadingPlace {
  #seen: number;
  #newAfter: number | undefined;

  /**
   * @param read how far they had read when they came; 0: never here before, and then nothing is old
   */
  constructor(read: number, messages: readonly TalkMessage[]) {
    this.#seen = read;
    if (read > 0 && countAfter(messages, read) > 0) this.#newAfter = read;
  }

  /** The seq after which messages of others are marked as new; undefined: no line. */
  get newAfter(): number | undefined {
    return this.#newAfter;
  }

  /** How many messages of others were not seen yet. */
  unseen(messages: readonly TalkMessage[]): number {
    return countAfter(messages, this.#seen);
  }

  /** Messages came while the person was not looking: what they have not seen begins with a line. */
  missed(messages: readonly TalkMessage[]): void {
    const behind = this.#newAfter !== undefined && this.#newAfter >= this.#seen;
    if (!behind && this.#seen > 0 && this.unseen(messages) > 0) this.#newAfter = this.#seen;
  }

  /**
   * The end of the talk is before the person's eyes. Returns the seq that is read now, undefined
   * where it is no news.
   */
  see(messages: readonly TalkMessage[]): number | undefined {
    const newest = newestSeq(messages);
    if (newest <= this.#seen) return undefined;
    this.#seen = newest;
    return newest;
  }

  /** They answered: what was new is so no longer. */
  answer(): void {
    this.#newAfter = undefined;
  }
}
