import { css } from 'lit';

export const chalkTalkStyles = css`
  :host {
    display: block;
    block-size: 560px;
    min-inline-size: 0;
  }

  :host([hidden]) {
    display: none;
  }

  /* A bubble takes no place in the page, whatever size the page gives to its rooms. */
  :host([mode='bubble']) {
    position: fixed !important;
    z-index: var(--chalk-bubble-z-index, 10000);
    inset: 0 auto auto 0 !important;
    inline-size: 0 !important;
    block-size: 0 !important;
    min-inline-size: 0 !important;
    min-block-size: 0 !important;
    margin: 0 !important;
    padding: 0 !important;
    border: 0 !important;
  }

  /*
   * What the page sets on the element, even by a rule for everything, ends here; what hides it
   * still does. "all" spares the direction.
   */
  chalk-bubble {
    all: initial;
    visibility: inherit;
    pointer-events: inherit;
    display: contents;
  }

  :host([mode='bubble']) chalk-bubble:not(:defined) {
    display: none;
  }

  .frame {
    position: relative;
    display: flex;
    flex-direction: column;
    block-size: 100%;
    box-sizing: border-box;
    overflow: hidden;
    container-type: size;
    isolation: isolate;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-l);
    background: var(--_surface);
    color: var(--_text);
    color-scheme: light;
    font: var(--_text-size) / var(--_text-line) var(--_font);
  }

  .frame.dark {
    color-scheme: dark;
  }

  h2,
  p {
    margin: 0;
  }

  header {
    position: relative;
    z-index: 2;
    display: flex;
    flex: none;
    align-items: center;
    gap: 12px;
    block-size: 44px;
    padding-inline: 16px calc(8px + var(--_head-end, 0px));
    border-block-end: 1px solid var(--_line);
  }

  h2 {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    font-size: 14px;
    font-weight: 600;
    line-height: 20px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .notice {
    position: absolute;
    inset-block-start: calc(100% + 1px);
    inset-inline: 0;
    padding: 3px 16px 4px;
    background: color-mix(in oklab, var(--_accent) 14%, var(--_surface));
    color: var(--_text);
    font-size: var(--_meta-size);
    line-height: var(--_meta-line);
    text-align: center;
    text-wrap: balance;
  }

  .newer {
    flex: none;
    padding: 3px 16px 4px;
    border-block-end: 1px solid var(--_line);
    color: var(--_muted);
    font-size: var(--_meta-size);
    line-height: var(--_meta-line);
    text-align: center;
    text-wrap: balance;
  }

  .notice.slow {
    animation: appear 0s 3s both;
  }

  .halves {
    display: flex;
    flex: 1;
    min-block-size: 0;
  }

  .half {
    position: relative;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    flex: 1;
    min-inline-size: 0;
    min-block-size: 0;
  }

  #board {
    background: var(--_paper);
  }

  .failed {
    align-self: center;
    padding: 24px;
    color: var(--_muted);
    text-align: center;
  }

  .failed button {
    min-block-size: var(--_target);
    padding-inline: 8px;
    color: var(--_accent);
    font-weight: 500;
  }

  .divider {
    position: relative;
    z-index: 1;
    flex: none;
    inline-size: 1px;
    background: var(--_line);
    cursor: col-resize;
    touch-action: none;
  }

  /* Nine px to grasp, one to see. */
  .divider::before {
    position: absolute;
    inset-block: 0;
    inset-inline: -4px;
    content: '';
    transition: background-color var(--_motion);
  }

  .divider:hover::before,
  .divider:active::before,
  .divider:focus-visible::before {
    background: color-mix(in oklab, var(--_accent) 35%, transparent);
  }

  .divider:focus-visible {
    outline: none;
  }

  .tabs {
    display: flex;
    flex: none;
    gap: 4px;
    padding: 4px 8px;
    border-block-end: 1px solid var(--_line);
  }

  .narrow .tabs {
    order: 1;
    padding-block: 4px;
    border-block: 1px solid var(--_line);
    border-block-end: 0;
  }

  .tab {
    position: relative;
    display: flex;
    flex: 1;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: max(36px, var(--_target));
    border-radius: var(--_radius-s);
    color: var(--_muted);
    font-weight: 500;
    transition: background-color var(--_motion);
  }

  .tab[aria-selected='true'] {
    background: var(--_accent-soft);
    color: var(--_accent);
  }

  @media (hover: hover) {
    .tab[aria-selected='false']:hover {
      background: var(--_hover);
      color: var(--_text);
    }
  }

  .tab:focus-visible {
    outline-offset: -2px;
  }

  .badge {
    min-inline-size: 18px;
    padding-inline: 5px;
    border-radius: 9px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 11px;
    font-weight: 600;
    line-height: 18px;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }

  chalk-gate {
    flex: 1;
    min-block-size: 0;
  }

  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
`;
