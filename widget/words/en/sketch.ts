import type { Catalogue } from '../words.js';

/** The words of the sketch. */
export const sketch = {
  board: {
    one: 'Board with {count} stroke',
    other: 'Board with {count} strokes',
  },
  viewKeys: 'Arrow keys move the view, plus and minus zoom, 0 shows everything.',
  toolKeys: 'Tools: {tools}.',

  unknownShape: 'Shown by a newer version',

  emptyTitle: 'Draw something',
  emptyText: 'Everyone here sees it while you draw.',
  emptyViewer: 'Nothing drawn yet',
  viewer: 'View only',
  loading: 'The board is loading',

  tools: 'Drawing tools',
  pen: 'Pen',
  eraser: 'Eraser',
  hand: 'Hand: move the view',
  penOptions: 'Colour and size',
  finger: 'Draw with a finger',
  undo: 'Undo',
  redo: 'Redo',
  withKeys: '{name} ({keys})',

  color: 'Colour',
  black: 'Ink',
  blue: 'Blue',
  sky: 'Sky',
  green: 'Green',
  yellow: 'Yellow',
  orange: 'Orange',
  red: 'Red',
  purple: 'Purple',
  otherColor: 'Other colour',
  size: 'Size',
  size0: 'Fine',
  size1: 'Medium',
  size2: 'Thick',
  size3: 'Broad',

  clear: 'Clear the board',
  clearQuestion: 'Clear everything?',
  clearComfort: 'You can undo this.',
  clearYes: 'Clear',
  cancel: 'Cancel',
  cleared: 'The board was cleared. Undo brings everything back.',

  export: 'Save a copy',
  exportPng: 'Image (PNG)',
  exportSvg: 'Drawing (SVG)',
  exported: 'Saved as {file}',
  exportFailed: 'The copy could not be made. The board is as it was. Try again, or save the other kind.',
  fileName: 'Sketch',

  view: 'View',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  zoomActual: 'Show at full size. Now at {zoom}',
  fit: 'Show everything',
  zoomed: 'Zoom {zoom}',

  drawnBy: '{name}, {time}',
  drawnByYou: 'You, {time}',
  drawnBySomeone: 'Someone, {time}',
} as const satisfies Catalogue;

export type SketchKey = keyof typeof sketch;
