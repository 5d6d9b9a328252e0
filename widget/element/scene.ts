import type { LitElement } from 'lit';
import { type Language, Languages } from '../words/languages.js';
import { loadKeyboardSpace } from './keyboard.js';
import type { KeyboardSpace } from './keyboard-space.js';
import { Layout } from './layout.js';
import { type Surrounded, Surroundings } from './surroundings.js';

/** How a room is shown: in which words, in which direction, light or dark, and in how much room. */
export class Scene {
  readonly layout: Layout;
  readonly #host: LitElement;
  readonly #surroundings: Surroundings;
  readonly #languages: Languages;
  #keyboard: KeyboardSpace | undefined;

  constructor(host: Surrounded) {
    this.#host = host;
    this.layout = new Layout(host);
    this.#surroundings = new Surroundings(host);
    this.#languages = new Languages(() => host.requestUpdate());
  }

  /** What the visitor reads, as a BCP 47 tag, whether we speak it or not. */
  get lang(): string {
    return this.#surroundings.lang;
  }

  get language(): Language {
    return this.#languages.of(this.lang);
  }

  get dir(): 'ltr' | 'rtl' {
    return this.#surroundings.dir;
  }

  get dark(): boolean {
    return this.#surroundings.dark;
  }

  /**
   * How much of the room's end a keyboard on the screen covers, in px; known once
   * `makeRoomForKeyboard` was called.
   */
  get covered(): number {
    return this.#keyboard?.covered ?? 0;
  }

  /** From now on something can be written. */
  async makeRoomForKeyboard(): Promise<void> {
    this.#keyboard = await loadKeyboardSpace(this.#host);
  }
}
