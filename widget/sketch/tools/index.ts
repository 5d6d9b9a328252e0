/**
 * The tools. A new one is a module beside this file, its id in tool-state.ts, and an entry here.
 */
import { eraser } from './eraser.js';
import { hand } from './hand.js';
import { pen } from './pen.js';
import type { Tool } from './tool.js';
import { TOOL_IDS, type ToolId, type ToolState } from './tool-state.js';

export const TOOLS: { readonly [Id in ToolId]: Tool } = { pen, eraser, hand };

/** A pointer that was just pressed, as far as it matters here. */
export interface Press {
  readonly pointerType: string;
  /**
   * As in a PointerEvent: 0 the main button or contact, 1 the middle one, 5 the eraser of a pen.
   */
  readonly button: number;
  /** Held while pressing, the space bar moves the view. */
  readonly space: boolean;
}

/** The tool that a press uses; undefined: none, as for the button of the context menu. */
export function toolFor(press: Press, tools: ToolState, canDraw: boolean): ToolId | undefined {
  if (press.button === 1) return 'hand';
  if (press.button === 5) return canDraw ? 'eraser' : undefined;
  if (press.button !== 0) return undefined;
  const { changesBoard, penFirst } = TOOLS[tools.tool];
  const isPalm = penFirst && press.pointerType === 'touch' && tools.penSeen && !tools.fingerDraws;
  return press.space || isPalm || (changesBoard && !canDraw) ? 'hand' : tools.tool;
}

/** The tool that a letter takes. */
export function toolOfKey(letter: string): ToolId | undefined {
  return TOOL_IDS.find(id => TOOLS[id].key === letter);
}

/** The CSS cursor over the board. @param used the tool that a pointer uses just now */
export function cursorOf({ tool }: ToolState, used: ToolId | undefined, canDraw: boolean): string {
  const { cursor, cursorPressed = cursor } = TOOLS[used ?? (canDraw ? tool : 'hand')];
  return used === undefined ? cursor : cursorPressed;
}
