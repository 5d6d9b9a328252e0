/**
 * What can be asked of the sketch, by button and by key alike, and what that does to the tools and
 * to the view.
 */
import { panned, zoomedAbout } from './camera.js';
import type { Stage } from './stage.js';
import type { Pen } from './stroke-recorder.js';
import { isToolId, type ToolId, type ToolState } from './tools/tool-state.js';

/**
 * The panels that open above the tools, one at a time: what a tool is set to, and those of the
 * buttons beside.
 */
export type Panel = ToolId | 'export' | 'clear';

export type ExportType = 'png' | 'svg';

export type Action =
  | { readonly type: 'tool'; readonly tool: ToolId }
  | { readonly type: 'toggle'; readonly panel: Panel }
  | { readonly type: 'close' }
  | { readonly type: 'pen'; readonly pen: Partial<Pen> }
  | { readonly type: 'finger' }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  | { readonly type: 'clear' }
  | { readonly type: 'export'; readonly as: ExportType }
  | { readonly type: 'zoom'; readonly factor: number }
  | { readonly type: 'actual-size' }
  | { readonly type: 'fit' }
  /** In screen px; the content moves by so much. */
  | { readonly type: 'pan'; readonly dx: number; readonly dy: number };

export type Act = (action: Action) => void;

/** One step of the zoom buttons and keys. */
export const ZOOM_STEP = 1.25;

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
      // Who sets a tool is about to use it.
      return isToolId(action.panel) ? { ...tools, tool: action.panel } : tools;
    default:
      return tools;
  }
}

/** The actions that only change what part of the board is seen. */
export type ViewAction = Extract<Action, { readonly type: 'pan' | 'zoom' | 'actual-size' | 'fit' }>;

/** Moves the view as an action asks. */
export function moveView(stage: Stage, action: ViewAction): void {
  const { camera, middle } = stage;
  switch (action.type) {
    case 'pan':
      stage.move(panned(camera, action.dx, action.dy));
      break;
    case 'zoom':
      stage.move(zoomedAbout(camera, action.factor, middle));
      break;
    case 'actual-size':
      stage.move(zoomedAbout(camera, 1 / camera.zoom, middle));
      break;
    case 'fit':
      stage.fit();
      break;
  }
}
