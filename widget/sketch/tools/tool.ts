/**
 * What every tool has in common. A tool is one module here, listed in index.ts; the toolbar, the
 * shortcuts and what a screen reader is told of them are read off that list.
 */
import type { TemplateResult } from 'lit';
import type { IconStrokes } from '../../look/icon.js';
import type { SketchKey } from '../../words/en/sketch.js';
import type { Say } from '../../words/words.js';
import type { Act } from '../actions.js';
import type { Gesture, Sample } from '../gesture.js';
import type { Stage } from '../stage.js';
import type { ToolState } from './tool-state.js';

export interface Tool {
  readonly name: SketchKey;
  readonly icon: IconStrokes;
  /** The letter that takes it, in lower case. */
  readonly key: string;
  /** The CSS cursor over the board. */
  readonly cursor: string;
  /** The same while it is pressed; default: as before. */
  readonly cursorPressed?: string;
  /**
   * Whether it changes the board: it is for those who may draw, and the controls get out of its
   * way.
   */
  readonly changesBoard: boolean;
  /**
   * Whether a finger no longer uses it once a pen has touched the board: it may be the hand that
   * rests there.
   */
  readonly penFirst: boolean;
  /** Whether the others see the pointer while it is used. */
  readonly tellsCursor: boolean;
  readonly settings?: ToolSettings;
  /** A pointer was pressed with it. */
  begin(first: Sample, context: GestureContext): Gesture;
}

/** What a gesture works on. */
export interface GestureContext {
  readonly stage: Stage;
  readonly tools: ToolState;
  /** Tells whoever shows the sketch. */
  readonly tell: (event: Event) => void;
}

/** What can be set of a tool, in a panel above the tools. */
export interface ToolSettings {
  readonly name: SketchKey;
  /** The inside of the button that opens them: what is set now. */
  summary(model: SettingsModel): TemplateResult;
  /** The inside of the panel. */
  view(model: SettingsModel): TemplateResult;
}

export interface SettingsModel {
  readonly say: Say<SketchKey>;
  readonly act: Act;
  readonly tools: ToolState;
  readonly dark: boolean;
}
