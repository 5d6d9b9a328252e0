import type { ReactiveControllerHost } from 'lit';
import { html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { ChalkSketch, ExportType, SketchEventMap } from '../sketch/index.js';
import type { RoomSession } from '../session/index.js';

/** What the board is shown with besides the room. */
export interface SketchSetting {
  readonly readOnly: boolean;
  readonly dark: boolean;
  readonly lang: string;
  /** Little width. */
  readonly compact: boolean;
}

/**
 * Loads the sketch when it is first needed and ties it to the room: the room's values down, one to one; the sketch's wishes up. What
 * changes many times a second goes this way alone, past the rendering of the element.
 */
export class SketchLink {
  readonly #host: ReactiveControllerHost;
  readonly #say: (text: string) => void;
  #loading: Promise<void> | undefined;
  #state: 'unloaded' | 'loaded' | 'failed' = 'unloaded';
  #sketch: ChalkSketch | undefined;
  #session: RoomSession | undefined;
  #setting: SketchSetting | undefined;

  constructor(host: ReactiveControllerHost, say: (text: string) => void) {
    this.#host = host;
    this.#say = say;
  }

  get state(): 'unloaded' | 'loaded' | 'failed' {
    return this.#state;
  }

  /** Loads the sketch, once; after it failed, again. */
  load(): Promise<void> {
    return (this.#loading ??= import('../sketch/index.js').then(
      ({ defineSketch }) => {
        defineSketch();
        this.#become('loaded');
      },
      () => {
        this.#loading = undefined;
        this.#become('failed');
      },
    ));
  }

  /** The board; to be rendered once it is loaded. */
  view(): TemplateResult {
    return html`<chalk-sketch part="sketch" ${ref(this.#attach)}></chalk-sketch>`;
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
      lang: setting.lang,
      title: session.title || session.room,
      compact: setting.compact,
    } satisfies Partial<ChalkSketch>);
  }

  focus(options?: FocusOptions): void {
    this.#sketch?.focus(options);
  }

  /** A copy of the drawing; rejects where the board could not be loaded. */
  async exportSketch(type: ExportType): Promise<Blob> {
    await this.load();
    await this.#host.updateComplete;
    await this.#sketch?.updateComplete;
    if (!this.#sketch) throw new Error('The board is not shown.');
    return await this.#sketch.exportSketch(type);
  }

  #become(state: 'loaded' | 'failed'): void {
    this.#state = state;
    this.#host.requestUpdate();
  }

  readonly #attach = (element: Element | undefined): void => {
    const sketch = element as ChalkSketch | undefined;
    if (sketch === this.#sketch) return;
    this.#sketch = sketch;
    if (!sketch) return;
    const on = <Type extends keyof SketchEventMap>(
      type: Type,
      act: (room: RoomSession, event: SketchEventMap[Type]) => void,
    ): void => {
      sketch.addEventListener(type, event => {
        if (this.#session) act(this.#session, event as SketchEventMap[Type]);
      });
    };
    on('ink-begin', (room, { begin }) => room.inkBegin(begin));
    on('ink-more', (room, { points }) => room.inkMore(points));
    on('ink-drop', room => room.inkDrop());
    on('draw', (room, { stroke }) => room.draw(stroke));
    on('erase', (room, { shapes }) => room.erase(shapes));
    on('clear', room => room.clear());
    on('undo', room => room.undo());
    on('redo', room => room.redo());
    on('cursor', (room, { at }) => room.cursor(at));
    on('sketch-say', (_, { text }) => this.#say(text));
    this.update();
  };
}
