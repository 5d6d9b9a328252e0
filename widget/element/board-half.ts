/** The board's half of the element, loaded together with the sketch. */
import { html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type {
  ChalkSketch,
  CursorEvent,
  DrawEvent,
  EraseEvent,
  ExportType,
  InkBeginEvent,
  InkMoreEvent,
  SketchSayEvent,
} from '../sketch/index.js';
import { RefusedError, type Refused, type RoomSession } from '../session/index.js';
import type { Language } from '../words/languages.js';
import { dividerView } from './divider.js';
import type { Layout } from './layout.js';

/** Who is told what happens on the board. */
export interface BoardListener {
  /** To be said to a screen reader. */
  say(text: string): void;
  /** A command was refused before it left. */
  refused(refused: Refused): void;
}

/** What the board is shown with besides the room. */
export interface SketchSetting {
  readonly readOnly: boolean;
  readonly dark: boolean;
  readonly language: Language;
  /** Little width. */
  readonly compact: boolean;
}

/**
 * Ties the sketch to a room: the room's values down, one to one; the sketch's wishes up. What
 * changes many times a second goes this way alone, past the rendering of the element.
 */
export class BoardHalf {
  readonly #listener: BoardListener;
  #sketch: ChalkSketch | undefined;
  #session: RoomSession | undefined;
  #setting: SketchSetting | undefined;

  constructor(listener: BoardListener) {
    this.#listener = listener;
  }

  /** The board, to be rendered. */
  view(): TemplateResult {
    return html`<chalk-sketch
      part="sketch"
      ${ref(this.#attach)}
      @ink-begin=${({ begin }: InkBeginEvent) => this.#session?.inkBegin(begin)}
      @ink-more=${({ points }: InkMoreEvent) => this.#session?.inkMore(points)}
      @ink-drop=${() => this.#session?.inkDrop()}
      @draw=${({ shape, times }: DrawEvent) => this.#act(session => session.draw(shape, times))}
      @erase=${({ shapes }: EraseEvent) => this.#act(session => session.erase(shapes))}
      @clear=${() => this.#act(session => session.clear())}
      @undo=${() => this.#act(session => session.undo())}
      @redo=${() => this.#act(session => session.redo())}
      @cursor=${({ at }: CursorEvent) => this.#session?.cursor(at)}
      @sketch-say=${({ text }: SketchSayEvent) => this.#listener.say(text)}
    ></chalk-sketch>`;
  }

  /** Shows the room as it is now. */
  show(session: RoomSession | undefined, setting: SketchSetting): void {
    this.#session = session;
    this.#setting = setting;
    this.update();
  }

  /** The room's board, people or rights changed. */
  update(): void {
    const sketch = this.#sketch;
    const session = this.#session;
    const setting = this.#setting;
    if (!sketch || !session || !setting) return;
    const { role } = session;
    const canDraw = !setting.readOnly && (role === 'member' || role === 'moderator');
    const { shapes, version } = session.board;
    Object.assign(sketch, {
      shapes,
      version,
      peers: session.peers,
      authors: session.authors,
      canDraw,
      canClear: canDraw && role === 'moderator',
      canUndo: session.canUndo,
      canRedo: session.canRedo,
      loaded: session.history.loaded,
      dark: setting.dark,
      lang: setting.language.lang,
      ...(setting.language.words.sketch && { words: setting.language.words.sketch }),
      title: session.title || session.room,
      compact: setting.compact,
    } satisfies Partial<ChalkSketch>);
  }

  /** A copy of the drawing. */
  async exportSketch(type: ExportType): Promise<Blob> {
    await this.#sketch?.updateComplete;
    if (!this.#sketch) throw new Error('There is no board to copy.');
    return await this.#sketch.exportSketch(type);
  }

  /** The line between board and talk. */
  divider(layout: Layout, dir: 'ltr' | 'rtl', label: string): TemplateResult {
    return dividerView(layout, dir, label);
  }

  #act(act: (session: RoomSession) => void): void {
    if (!this.#session) return;
    try {
      act(this.#session);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.#listener.refused({ target: 'board', refusal: error.toRefusal() });
    }
  }

  readonly #attach = (sketch: Element | undefined): void => {
    // By its name alone: the class comes in a file of its own.
    this.#sketch = sketch?.matches('chalk-sketch') ? sketch : undefined;
    this.update();
  };
}
