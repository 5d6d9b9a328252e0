import type { Action } from './actions.js';
import { CursorEvent } from './events.js';
import { type Gesture, pinched, type Sample } from './gesture.js';
import { boardKey } from './keys.js';
import { PointerInput, type PointerListener } from './pointer-input.js';
import { toBoard } from './camera.js';
import { screenPoint, type ScreenPoint } from './space.js';
import type { Stage } from './stage.js';
import { toolFor, TOOLS } from './tools/index.js';
import type { ToolId, ToolState } from './tools/tool-state.js';
import { turned, wheelPoint } from './wheel-input.js';
import type { WhoLabel } from './who-label.js';

/** Who owns the tools. */
export interface BoardOwner {
  readonly tools: ToolState;
  readonly canDraw: boolean;
  act(action: Action): void;
  /** Tells whoever shows the sketch. */
  tell(event: Event): void;
  /** The tool that a pointer uses on the board; undefined: none. */
  busy(tool: ToolId | undefined): void;
  /** A pen has touched the board. */
  penSeen(): void;
}

/**
 * How long one must point at a stroke to learn whose it is, in ms: with the hand, with another
 * tool, with a finger.
 */
const DWELL = { hand: 150, tool: 700, touch: 500 } as const;

/** How far a resting finger may go, in px. */
const TREMBLE = 8;

/** All that pointers, wheels and keys do on the board. */
export class BoardInput implements PointerListener {
  readonly #root: HTMLElement;
  readonly #stage: Stage;
  readonly #owner: BoardOwner;
  readonly #who: WhoLabel;
  readonly #pointers: PointerInput;
  readonly #closing = new AbortController();
  #space = false;
  #pressedAt: ScreenPoint = screenPoint(0, 0);

  /** @param root the element of the board that takes the focus */
  constructor(root: HTMLElement, stage: Stage, owner: BoardOwner, who: WhoLabel) {
    this.#root = root;
    this.#stage = stage;
    this.#owner = owner;
    this.#who = who;
    this.#pointers = new PointerInput(stage.surface, this);
    const { signal } = this.#closing;
    root.addEventListener('keydown', event => this.#key(event), { signal });
    root.addEventListener('keyup', event => this.#keyUp(event), { signal });
    root.addEventListener('blur', () => this.#left(), { signal });
    // Not passive: a pinch must be kept from zooming the page.
    stage.surface.addEventListener('wheel', event => this.#wheel(event), { signal, passive: false });
  }

  /** Drops what a pointer is doing; for when it is no longer allowed. */
  cancel(): void {
    this.#pointers.cancel();
  }

  /** Harmless when done twice. */
  close(): void {
    this.#closing.abort();
    this.#pointers.close();
    this.#who.away();
  }

  press(event: PointerEvent): ToolId | undefined {
    const { pointerType, button } = event;
    if (pointerType === 'pen') this.#owner.penSeen();
    return toolFor({ pointerType, button, space: this.#space }, this.#owner.tools, this.#owner.canDraw);
  }

  begin(tool: ToolId, first: Sample): Gesture {
    this.#root.toggleAttribute('data-pointed', true);
    this.#root.focus({ preventScroll: true });
    this.#who.away();
    if (tool === 'hand') {
      this.#pressedAt = first.at;
      this.#who.point(first.at, DWELL.touch);
    }
    const { tools } = this.#owner;
    return TOOLS[tool].begin(first, { stage: this.#stage, tools, tell: event => this.#owner.tell(event) });
  }

  pinch(before: readonly [ScreenPoint, ScreenPoint], after: readonly [ScreenPoint, ScreenPoint]): void {
    this.#who.away();
    this.#stage.move(pinched(this.#stage.camera, before, after));
  }

  hover(at: ScreenPoint | undefined, tool: ToolId | undefined, pointerType: string): void {
    if (at === undefined || this.#isMoving(at, tool)) this.#who.away();
    else if (tool === undefined) this.#who.point(at, this.#owner.tools.tool === 'hand' ? DWELL.hand : DWELL.tool);
    // A finger points at nothing once it is lifted.
    if (!this.#owner.canDraw || pointerType === 'touch' || (tool && !TOOLS[tool].tellsCursor)) return;
    this.#owner.tell(new CursorEvent(at && toBoard(this.#stage.camera, at)));
  }

  busy(tool: ToolId | undefined): void {
    if (tool === undefined) this.#who.away();
    this.#owner.busy(tool);
  }

  /** A finger that rests trembles a little. */
  #isMoving(at: ScreenPoint, tool: ToolId | undefined): boolean {
    if (tool === undefined) return false;
    return tool !== 'hand' || Math.hypot(at.x - this.#pressedAt.x, at.y - this.#pressedAt.y) > TREMBLE;
  }

  #wheel(event: WheelEvent): void {
    const { camera, size } = this.#stage;
    const active = this.#root.matches(':focus');
    const next = turned(camera, event, wheelPoint(event, this.#stage.surface), size, active);
    if (next === undefined) return;
    event.preventDefault();
    this.#who.away();
    // A view that moves under the pen would bend the stroke.
    if (!this.#pointers.isBusy) this.#stage.move(next);
  }

  #key(event: KeyboardEvent): void {
    this.#root.removeAttribute('data-pointed');
    if (event.target !== this.#root) return;
    if (event.key === ' ') this.#space = true;
    else if (event.key === 'Escape' && this.#pointers.isBusy) this.#pointers.cancel();
    else {
      const action = boardKey(event);
      if (action === undefined) return;
      if (!this.#pointers.isBusy) this.#owner.act(action);
    }
    // The page around has its own use for these keys.
    event.preventDefault();
    event.stopPropagation();
  }

  #left(): void {
    this.#space = false;
    this.#root.removeAttribute('data-pointed');
  }

  #keyUp(event: KeyboardEvent): void {
    if (event.key === ' ') this.#space = false;
  }
}
