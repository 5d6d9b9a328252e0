/** Which tools there are, and what they are set to. */
import { INK_COLORS, INK_WIDTHS } from '../../../protocol/ink.js';
import type { Pen } from '../stroke-recorder.js';

/** In the order of the toolbar. */
export const TOOL_IDS = ['pen', 'eraser', 'hand'] as const;
export type ToolId = (typeof TOOL_IDS)[number];

export interface ToolState {
  readonly tool: ToolId;
  readonly pen: Pen;
  /**
   * A pen has touched the board: from then on a finger, or the hand that rests on it, moves the
   * view.
   */
  readonly penSeen: boolean;
  /** Fingers draw all the same. */
  readonly fingerDraws: boolean;
}

export const FIRST_TOOLS: ToolState = {
  tool: TOOL_IDS[0],
  pen: { color: INK_COLORS[0], width: INK_WIDTHS[1] },
  penSeen: false,
  fingerDraws: false,
};

export function isToolId(name: string): name is ToolId {
  return TOOL_IDS.some(id => id === name);
}
