import type { Action } from './actions.js';
import { panned, zoomedAbout } from './camera.js';
import type { Stage } from './stage.js';

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
