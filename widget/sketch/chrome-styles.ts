import { css } from 'lit';

/** What floats over the board: the tools, the zoom, and the panel that opens above them. */
export const chromeStyles = css`
  .chrome {
    position: absolute;
    inset-inline: 0;
    inset-block-end: 0;
    display: grid;
    grid-template-columns: 1fr auto 1fr;
    align-items: end;
    gap: 8px;
    padding: 12px;
    pointer-events: none;
    transition: opacity var(--_motion);
  }

  .bar {
    display: flex;
    align-items: center;
    gap: 2px;
    min-inline-size: 0;
    padding: 4px;
    border-radius: calc(var(--_radius-s) + 4px);
    background: var(--_surface);
    box-shadow: var(--_shadow);
    pointer-events: auto;
  }

  .bar:empty {
    display: none;
  }

  .tools {
    grid-column: 2;
    grid-row: 1;
  }

  .view {
    grid-column: 1;
    grid-row: 1;
    justify-self: start;
  }

  .zoom {
    min-inline-size: 48px;
    block-size: var(--_target);
    padding-inline: 4px;
    border-radius: var(--_radius-s);
    color: var(--_muted);
    font-size: var(--_meta-size);
    font-variant-numeric: tabular-nums;
  }

  .divider {
    flex: none;
    inline-size: 1px;
    block-size: 20px;
    margin-inline: 4px;
    background: var(--_line);
  }

  .note {
    padding-inline: 8px;
    color: var(--_muted);
    font-size: var(--_meta-size);
    white-space: nowrap;
  }

  .chrome[data-row] {
    display: flex;
    gap: 0;
    justify-content: safe center;
    padding: 8px;
  }

  [data-row] .bars {
    display: flex;
    align-items: center;
    min-inline-size: 0;
    border-radius: calc(var(--_radius-s) + 4px);
    background: var(--_surface);
    box-shadow: var(--_shadow);
    overflow-x: auto;
    overscroll-behavior-inline: contain;
    scrollbar-width: none;
    pointer-events: auto;
  }

  [data-row] .bars .bar {
    flex: none;
    border-radius: 0;
    background: none;
    box-shadow: none;
  }

  .chrome:not([data-row]) .bars {
    display: contents;
  }

  @media (hover: hover) {
    .zoom:hover,
    .item:hover,
    .choice:hover {
      background: var(--_hover);
    }
  }

  .swatch {
    display: grid;
    place-items: center;
    border-radius: 50%;
    background: var(--_ink, currentcolor);
    color: var(--_paper);
  }

  .panel {
    position: absolute;
    inset-block-end: calc(100% - 4px);
    inset-inline: 0;
    inline-size: max-content;
    max-inline-size: calc(100% - 16px);
    margin-inline: auto;
    padding: 8px;
    border-radius: var(--_radius-m);
    background: var(--_surface);
    box-shadow: var(--_shadow);
    pointer-events: auto;
  }

  .panel-settings {
    display: grid;
    gap: 4px;
    justify-items: center;
  }

  .colors,
  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 2px;
  }

  .choice {
    position: relative;
    display: grid;
    place-items: center;
    inline-size: var(--_target);
    block-size: var(--_target);
    border-radius: var(--_radius-s);
    cursor: pointer;
  }

  .colors .swatch {
    inline-size: 20px;
    block-size: 20px;
  }

  [data-width][aria-checked='true'] {
    background: var(--_accent-soft);
  }

  .free .swatch {
    background: conic-gradient(#d55e00, #e69f00, #f0e442, #009e73, #56b4e9, #0072b2, #cc79a7, #d55e00);
  }

  .free[data-checked] {
    background: var(--_accent-soft);
  }

  .free input {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    opacity: 0;
    cursor: pointer;
  }

  .free:focus-within {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  .panel-export {
    display: grid;
    padding: 4px;
  }

  .item {
    min-block-size: var(--_target);
    padding-inline: 12px;
    border-radius: var(--_radius-s);
    text-align: start;
  }

  .question {
    margin: 4px 8px 12px;
    text-align: center;
    text-wrap: balance;
  }

  .answers {
    display: flex;
    justify-content: center;
    gap: 8px;
  }

  /* Out of the way while a stroke is being drawn. Last, and more exact than the rules before it. */
  .chrome[data-away],
  .chrome[data-away] * {
    pointer-events: none;
  }

  .chrome[data-away] {
    opacity: 0;
  }
`;
