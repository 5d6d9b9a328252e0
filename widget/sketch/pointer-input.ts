import type { Gesture, Sample } from './gesture.js';
import { screenPoint, type ScreenPoint } from './space.js';
import type { ToolId } from './tools/tool-state.js';

/** What pointers mean is decided by the one who listens. */
export interface PointerListener {
  /** A pointer was pressed: the tool that it uses; undefined: none. */
  press(event: PointerEvent): ToolId | undefined;
  /** It begins to use that. */
  begin(tool: ToolId, first: Sample): Gesture;
  /** Two fingers went from one pair of places to another. */
  pinch(before: readonly [ScreenPoint, ScreenPoint], after: readonly [ScreenPoint, ScreenPoint]): void;
  /** The pointer is over the board, using a tool or not; `at` undefined: it has left. */
  hover(at: ScreenPoint | undefined, tool: ToolId | undefined, pointerType: string): void;
  /** The tool that is being used now; undefined: none any more. */
  busy(tool: ToolId | undefined): void;
}

/**
 * A second finger within this time (ms) or before the first has gone this far (px) shows that a
 * pinch was meant.
 */
const PINCH = { within: 100, before: 8 } as const;

/** A pointer that uses a tool. */
interface Active {
  readonly id: number;
  readonly type: string;
  readonly tool: ToolId;
  readonly gesture: Gesture;
  readonly since: number;
  readonly from: ScreenPoint;
  travelled: number;
}

/**
 * Turns the pointer events of a surface into gestures: one pointer does one thing from press to
 * release, two fingers pinch. It knows touches, pens and mice apart, and of the tools only that the
 * hand moves the view.
 */
export class PointerInput {
  readonly #surface: HTMLElement;
  readonly #listener: PointerListener;
  readonly #closing = new AbortController();
  /** Fingers on the surface and where they are. */
  readonly #fingers = new Map<number, ScreenPoint>();
  #active: Active | undefined;
  #pinch: readonly [number, number] | undefined;

  constructor(surface: HTMLElement, listener: PointerListener) {
    this.#surface = surface;
    this.#listener = listener;
    const on = (type: string, handle: (event: PointerEvent) => void): void => {
      const handleEvent = (event: Event): void => {
        if (event instanceof PointerEvent) handle(event);
      };
      surface.addEventListener(type, handleEvent, { signal: this.#closing.signal });
    };
    on('pointerdown', event => {
      this.#pressed(event);
    });
    on('pointermove', event => {
      this.#moved(event);
    });
    on('pointerup', event => {
      this.#released(event, true);
    });
    // The browser takes a touch away for a palm or a gesture of its own; a pen or a mouse that it
    // takes has drawn in earnest.
    on('pointercancel', event => {
      this.#released(event, event.pointerType !== 'touch');
    });
    on('lostpointercapture', event => {
      this.#released(event, true);
    });
    on('pointerleave', event => {
      if (event.pointerType !== 'touch') this.#listener.hover(undefined, undefined, event.pointerType);
    });
  }

  /** Whether a pointer is in the middle of something. */
  get isBusy(): boolean {
    return this.#active !== undefined || this.#pinch !== undefined;
  }

  /** Ends what is being done as if it had never begun. */
  cancel(): void {
    this.#finish(false);
  }

  /** Harmless when done twice. */
  close(): void {
    this.#closing.abort();
    this.#finish(true);
    this.#fingers.clear();
    this.#pinch = undefined;
  }

  #pressed(event: PointerEvent): void {
    const at = this.#place(event);
    const touch = event.pointerType === 'touch';
    if (touch) this.#fingers.set(event.pointerId, at);
    if (this.#pinch !== undefined) return;
    if (this.#active !== undefined && !this.#givesWay(this.#active, event)) return;
    const tool = this.#listener.press(event);
    if (tool === undefined) return;
    event.preventDefault();
    this.#capture(event.pointerId);

    const other = touch && this.#active?.type === 'touch' ? this.#active.id : undefined;
    this.#finish(false);
    if (other !== undefined) {
      this.#pinch = [other, event.pointerId];
      return;
    }
    this.#start(event.pointerId, event.pointerType, tool, this.#sample(event));
  }

  /** A pen goes before a finger; a second finger makes a pinch out of what has hardly begun. */
  #givesWay(active: Active, event: PointerEvent): boolean {
    if (active.type !== 'touch') return false;
    if (event.pointerType !== 'touch') return true;
    const fresh = event.timeStamp - active.since <= PINCH.within || active.travelled < PINCH.before;
    return active.tool === 'hand' || fresh;
  }

  #start(id: number, type: string, tool: ToolId, first: Sample): void {
    const gesture = this.#listener.begin(tool, first);
    this.#active = { id, type, tool, gesture, since: first.time, from: first.at, travelled: 0 };
    this.#listener.busy(tool);
  }

  #moved(event: PointerEvent): void {
    const at = this.#place(event);
    if (this.#fingers.has(event.pointerId)) {
      this.#movePinch(event.pointerId, at);
      this.#fingers.set(event.pointerId, at);
    }
    const active = this.#active;
    if (active?.id !== event.pointerId) {
      if (active === undefined && event.pointerType !== 'touch') {
        this.#listener.hover(at, undefined, event.pointerType);
      }
      return;
    }
    active.travelled = Math.max(active.travelled, Math.hypot(at.x - active.from.x, at.y - active.from.y));
    active.gesture.move(
      coalesced(event).map(each => this.#sample(each)),
      predicted(event).map(each => this.#sample(each)),
    );
    this.#listener.hover(at, active.tool, event.pointerType);
  }

  #movePinch(id: number, at: ScreenPoint): void {
    if (this.#pinch?.includes(id) !== true) return;
    const [a, b] = this.#pinch;
    const [first, second] = [this.#fingers.get(a), this.#fingers.get(b)];
    if (first === undefined || second === undefined) return;
    this.#listener.pinch([first, second], [id === a ? at : first, id === b ? at : second]);
  }

  #released(event: PointerEvent, keep: boolean): void {
    const { pointerId: id } = event;
    this.#fingers.delete(id);
    if (this.#active?.id === id) this.#finish(keep);
    if (this.#pinch?.includes(id) !== true) return;
    // The finger that stays goes on moving the view.
    const [a, b] = this.#pinch;
    const rest = id === a ? b : a;
    const at = this.#fingers.get(rest);
    this.#pinch = undefined;
    if (at !== undefined) this.#start(rest, 'touch', 'hand', { at, time: event.timeStamp });
  }

  #finish(keep: boolean): void {
    const active = this.#active;
    if (active === undefined) return;
    this.#active = undefined;
    if (keep) active.gesture.end();
    else active.gesture.cancel();
    this.#listener.busy(undefined);
  }

  #capture(id: number): void {
    try {
      this.#surface.setPointerCapture(id);
    } catch {
      // The pointer is gone already; its release is then seen without capture.
    }
  }

  #sample(event: PointerEvent): Sample {
    const sample = { at: this.#place(event), time: event.timeStamp };
    // A mouse says 0.5 and a finger what it likes: only a pen knows.
    return event.pointerType === 'pen' ? { ...sample, pressure: event.pressure } : sample;
  }

  /** Where it is on the surface, also on a page that scales us by a transform. */
  #place(event: PointerEvent): ScreenPoint {
    const { left, top, width, height } = this.#surface.getBoundingClientRect();
    const scaleX = width === 0 ? 1 : this.#surface.offsetWidth / width;
    const scaleY = height === 0 ? 1 : this.#surface.offsetHeight / height;
    return screenPoint((event.clientX - left) * scaleX, (event.clientY - top) * scaleY);
  }
}

/** Every sample since the last event; the event itself where the browser keeps none. */
function coalesced(event: PointerEvent): PointerEvent[] {
  const events = 'getCoalescedEvents' in event ? event.getCoalescedEvents() : [];
  return events.length > 0 ? events : [event];
}

function predicted(event: PointerEvent): PointerEvent[] {
  return 'getPredictedEvents' in event ? event.getPredictedEvents() : [];
}
