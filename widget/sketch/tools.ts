import { INK_COLORS, INK_WIDTHS } from '../../protocol/ink.js';
import type { Action, Tool } from './actions.js';
import type { Pen } from './stroke-recorder.js';

/** What the tools are set to. */
export interface ToolState {
  readonly tool: Tool;
  readonly pen: Pen;
  /** A pen has touched the board: from then on a finger, or the hand that rests on it, moves the view. */
  readonly penSeen: boolean;
  /** Fingers draw all the same. */
  readonly fingerDraws: boolean;
}

export const FIRST_TOOLS: ToolState = {
  tool: 'pen',
  pen: { color: INK_COLORS[0], width: INK_WIDTHS[1] },
  penSeen: false,
  fingerDraws: false,
};

/** What the tools are set to after an action. */
export function toolsAfter(tools: ToolState, action: Action): ToolState {
  switch (action.type) {
    case 'tool':
      return { ...tools, tool: action.tool };
    case 'pen':
      return { ...tools, tool: 'pen', pen: { ...tools.pen, ...action.pen } };
    case 'finger':
      return { ...tools, fingerDraws: !tools.fingerDraws };
    case 'toggle':
      return action.panel === 'pen' ? { ...tools, tool: 'pen' } : tools;
    default:
      return tools;
  }
}

/** What a pressed pointer does. */
export type Deed = 'draw' | 'erase' | 'pan';

/** A pointer that was just pressed, as far as it matters here. */
export interface Press {
  readonly pointerType: string;
  /** As in a PointerEvent: 0 the main button or contact, 1 the middle one, 5 the eraser of a pen. */
  readonly button: number;
  /** Held while pressing, the space bar moves the view. */
  readonly space: boolean;
}

/** What a press means; undefined: nothing, as for the button of the context menu. */
export function deedOf(press: Press, tools: ToolState, canDraw: boolean): Deed | undefined {
  if (press.button === 1) return 'pan';
  if (press.button === 5) return canDraw ? 'erase' : undefined;
  if (press.button !== 0) return undefined;
  const palm = press.pointerType === 'touch' && tools.penSeen && !tools.fingerDraws;
  if (!canDraw || press.space || palm || tools.tool === 'hand') return 'pan';
  return tools.tool === 'pen' ? 'draw' : 'erase';
}
