import type { Pen } from './stroke-recorder.js';

export const TOOLS = ['pen', 'eraser', 'hand'] as const;
export type Tool = (typeof TOOLS)[number];

/** The panels that open above the tools, one at a time. */
export type Panel = 'pen' | 'export' | 'clear';

export type ExportType = 'png' | 'svg';

/** What can be asked of the sketch, by button and by key alike. */
export type Action =
  | { readonly type: 'tool'; readonly tool: Tool }
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
