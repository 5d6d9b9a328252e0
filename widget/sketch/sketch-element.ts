import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Person } from '../../protocol/timeline/state.js';
import { controls } from '../look/controls.js';
import { sketch as english, type SketchKey } from '../words/en/sketch.js';
import { styleProperties } from '../look/style-properties.js';
import { speaker, type Catalogue, type Say } from '../words/words.js';
import { type Action, type ExportType, moveView, toolsAfter } from './actions.js';
import { authorshipOf, type Authorship } from './authorship.js';
import { backdropView } from './backdrop-view.js';
import type { BoardPeer, BoardShape } from './board-data.js';
import { BoardController } from './board-controller.js';
import type { BoardOwner } from './board-input.js';
import { chromeView } from './chrome-view.js';
import { chromeStyles } from './chrome-styles.js';
import { ClearEvent, RedoEvent, SketchSayEvent, UndoEvent } from './events.js';
import { copyOf, fileName, save } from './export-sketch.js';
import { historyKey } from './keys.js';
import { PanelController } from './panel-controller.js';
import { setTabStop } from './roving.js';
import type { Appearance } from './shapes/index.js';
import { styles } from './styles.js';
import { cursorOf, TOOLS } from './tools/index.js';
import { toolKeys } from './tools-view.js';
import { FIRST_TOOLS, type ToolId, type ToolState } from './tools/tool-state.js';

/** Width in px below which the tools and the zoom do not find room beside each other. */
const ROW_BELOW = 640;

/**
 * The board: everyone draws on it together. It is given what lies on it and who is there, and tells
 * by events what its person does; it keeps nothing and knows no connection. It stands inside an
 * element with the look's tokens, whose `color-scheme` agrees with `dark`.
 *
 * @fires ink-begin - pen down: InkBeginEvent
 * @fires ink-more - more points of the stroke in progress: InkMoreEvent
 * @fires ink-drop - the stroke in progress will not be finished: InkDropEvent
 * @fires draw - a finished stroke: DrawEvent
 * @fires erase - shapes to be erased: EraseEvent
 * @fires clear - the board is to be cleared: ClearEvent
 * @fires undo - UndoEvent
 * @fires redo - RedoEvent
 * @fires cursor - where the pointer is on the board: CursorEvent
 * @fires sketch-say - something for a screen reader: SketchSayEvent
 */
export class ChalkSketch extends LitElement implements BoardOwner {
  static override readonly properties = {
    shapes: { attribute: false },
    version: { attribute: false },
    authors: { attribute: false },
    canDraw: { attribute: false },
    canClear: { attribute: false },
    canUndo: { attribute: false },
    canRedo: { attribute: false },
    loaded: { attribute: false },
    dark: { attribute: false },
    title: { attribute: false },
    lang: { attribute: false },
    compact: { attribute: false },
    words: { attribute: false },
    _tools: { state: true },
    _used: { state: true },
  };
  static override readonly styles = [controls, styles, chromeStyles];

  /** What lies on the board. May be changed in place: `version` tells that it has. */
  shapes: ReadonlyMap<string, BoardShape> = new Map();
  version = 0;
  /** Authors by their index. */
  authors: ReadonlyMap<number, Person> = new Map();
  canDraw = false;
  canClear = false;
  canUndo = false;
  canRedo = false;
  /** Whether `shapes` is what there is. */
  loaded = false;
  /** Whether the theme is the dark one. */
  dark = false;
  /** The room's title, for the names of copies. */
  override title = '';
  override lang = 'en';
  /** Little width: all controls in one row that scrolls. */
  compact = false;
  /** The words, where they are others than English. */
  words: Catalogue<SketchKey> = english;

  private _tools: ToolState = FIRST_TOOLS;
  /** The tool that a pointer uses just now. */
  private _used: ToolId | undefined;
  private _say: Say<SketchKey> = speaker(english, 'en');
  private _appearance: Appearance = { dark: false, say: this._say };
  private readonly _board = new BoardController(this);
  private readonly _panels = new PanelController(this);

  constructor() {
    super();
    this.addEventListener('keydown', event => this._historyKey(event));
  }

  /** Everyone who is here; may be set many times a second, and then renders nothing anew. */
  get peers(): readonly BoardPeer[] {
    return this._board.peers;
  }

  set peers(peers: readonly BoardPeer[]) {
    this._board.peers = peers;
  }

  /** What the tools are set to. */
  get tools(): ToolState {
    return this._tools;
  }

  /** What the drawing looks like here. */
  get appearance(): Appearance {
    return this._appearance;
  }

  /** Puts the focus on the board, so that its keys work. */
  override focus(options?: FocusOptions): void {
    this._board.element?.focus(options);
  }

  /** Shows everything there is. */
  fit(): void {
    this._board.stage?.fit();
  }

  /**
   * A copy of everything on the board, on light paper.
   *
   * @throws Error before the board was first shown, or where the browser can't make the picture
   */
  async exportSketch(type: ExportType): Promise<Blob> {
    const { stage } = this._board;
    if (stage === undefined) throw new Error('The board is not shown yet.');
    stage.catchUp();
    return await copyOf(stage.drawing, type, { title: this.title, say: this._say });
  }

  /** Does what a button or a key asks for, where it may be done. */
  act(action: Action): void {
    const { _panels: panels } = this;
    const { stage } = this._board;
    if (stage === undefined) return;
    if (this.canDraw) this._tools = toolsAfter(this._tools, action);
    if (action.type === 'toggle') panels.toggle(action.panel);
    else if (action.type !== 'pen') panels.close();
    switch (action.type) {
      case 'undo':
        if (!this.canUndo) return;
        stage.ink.forget();
        this.tell(new UndoEvent());
        return;
      case 'redo':
        if (this.canRedo) this.tell(new RedoEvent());
        return;
      case 'clear':
        this.tell(new ClearEvent());
        this.tell(new SketchSayEvent(this._say('cleared')));
        return;
      case 'export':
        void this._save(action.as);
        return;
      case 'pan':
      case 'zoom':
      case 'actual-size':
      case 'fit':
        moveView(stage, action);
        if (action.type === 'pan') return;
        this.tell(new SketchSayEvent(this._say('zoomed', { zoom: this._percent(stage.camera.zoom) })));
        return;
      default:
    }
  }

  tell(event: Event): void {
    this.dispatchEvent(event);
  }

  busy(tool: ToolId | undefined): void {
    this._used = tool;
    if (tool !== undefined) this._panels.close();
  }

  penSeen(): void {
    if (!this._tools.penSeen) this._tools = { ...this._tools, penSeen: true };
  }

  authorOf(shape: BoardShape): Authorship {
    const author = this.authors.get(shape.by);
    const isOwn = shape.pending === true || this.peers.some(peer => peer.self && peer.person.id === author?.id);
    return authorshipOf(shape, author, { isOwn, now: Date.now(), lang: this.lang, say: this._say });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('lang') || changed.has('words')) this._say = speaker(this.words, this.lang);
    const { dark, _say: say } = this;
    if (dark !== this._appearance.dark || say !== this._appearance.say) this._appearance = { dark, say };
    if (changed.has('canDraw') && !this.canDraw) this._panels.close();
  }

  protected override render(): TemplateResult {
    const { _say: say, _tools: tools, _used: used, _panels: panels } = this;
    const { count, blank, zoom, width } = this._board.sight;
    const { dark, canDraw, canClear, canUndo, canRedo, loaded } = this;
    return html`<div
        class="board"
        tabindex="0"
        role="application"
        aria-label=${say('board', { count })}
        aria-describedby="keys"
        aria-busy=${String(!loaded)}
        style=${styleProperties({ '--_cursor': cursorOf(tools, used, canDraw) })}
      ></div>
      <p id="keys" class="visually-hidden">${say('viewKeys')} ${canDraw ? toolKeys(say, this.lang) : nothing}</p>
      ${backdropView(say, { loaded, blank, canDraw })}
      ${chromeView({
        ...{ say, act: action => this.act(action), tools, panels, dark, canDraw, canClear, canUndo, canRedo },
        isEmpty: count === 0,
        zoom: this._percent(zoom),
        hidden: !loaded,
        away: used !== undefined && TOOLS[used].changesBoard,
        row: this.compact || width < ROW_BELOW,
        mac: /Mac|iP(?:hone|ad|od)/.test(navigator.platform),
      })}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    for (const group of this.renderRoot.querySelectorAll('[role=toolbar], [role=radiogroup]')) setTabStop(group);
    if (changed.get('loaded') === true) this._board.stage?.reset();
    if (changed.has('shapes') || changed.has('version') || changed.has('loaded')) this._board.showShapes();
    if (changed.has('canDraw') && !this.canDraw) this._board.cancelInput();
  }

  private _percent(zoom: number): string {
    return new Intl.NumberFormat(this.lang, { style: 'percent' }).format(zoom);
  }

  private _historyKey(event: KeyboardEvent): void {
    const action = historyKey(event);
    if (action === undefined || !this.canDraw || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(action);
  }

  private async _save(type: ExportType): Promise<void> {
    const file = fileName(this.title, this._say('fileName'), type);
    try {
      save(await this.exportSketch(type), file);
      this.tell(new SketchSayEvent(this._say('exported', { file })));
    } catch {
      this.tell(new SketchSayEvent(this._say('exportFailed')));
    }
  }
}
