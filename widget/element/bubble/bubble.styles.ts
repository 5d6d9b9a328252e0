import { css, unsafeCSS } from 'lit';

/**
 * A media query for windows without room for a page and a panel side by side: the panel covers
 * them.
 */
export const FULL_SCREEN = '(max-width: 479.98px), (max-height: 479.98px)';

const fullScreen = unsafeCSS(FULL_SCREEN);

export const bubbleStyles = css`
  .corner {
    color: var(--_text);
    color-scheme: light;
    font: var(--_text-size) / var(--_text-line) var(--_font);

    --_offset: var(--chalk-bubble-offset, 20px);
    --_block-safe: env(safe-area-inset-bottom, 0px);
    --_block: calc(var(--chalk-bubble-offset-block, var(--_offset)) + var(--_block-safe));
    --_inline: calc(
      var(--chalk-bubble-offset-inline, var(--_offset)) +
        max(env(safe-area-inset-left, 0px), env(safe-area-inset-right, 0px))
    );
    --_button: 56px;
    --_gap: 12px;
  }

  .corner.dark {
    color-scheme: dark;
  }

  .round,
  dialog {
    position: fixed;
    inset: auto;
    inset-block-end: var(--_block);
    inset-inline-end: var(--_inline);
  }

  .round {
    display: grid;
    place-items: center;
    inline-size: var(--_button);
    block-size: var(--_button);
    /* To be seen where colours are the system's. */
    border: 1px solid transparent;
    border-radius: 50%;
    background: var(--_accent);
    box-shadow: var(--_shadow);
    color: var(--_on-accent);
    transition: background-color var(--_motion);
  }

  @media (hover: hover) {
    .round:hover {
      background: color-mix(in oklab, var(--_accent) 88%, var(--_text));
    }
  }

  .round:active {
    background: color-mix(in oklab, var(--_accent) 78%, var(--_text));
  }

  /* Whatever the page has behind it, one of the two rings is seen. */
  .round:focus-visible {
    box-shadow:
      0 0 0 2px var(--_surface),
      0 0 0 6px var(--_surface),
      var(--_shadow);
  }

  .badge {
    position: absolute;
    inset-block-start: -4px;
    inset-inline-end: -4px;
    box-sizing: border-box;
    min-inline-size: 22px;
    padding-inline: 5px;
    border: 1px solid transparent;
    border-radius: 11px;
    background: var(--_danger);
    box-shadow: 0 0 0 2px var(--_surface);
    color: var(--_surface);
    font-size: var(--_meta-size);
    font-weight: 600;
    line-height: 20px;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }

  dialog {
    inset-block-end: calc(var(--_block) + var(--_button) + var(--_gap));
    inline-size: min(400px, 100% - var(--_inline) - var(--_gap));
    block-size: min(640px, 100% - var(--_block) - var(--_button) - 2 * var(--_gap));
    max-inline-size: none;
    max-block-size: none;
    margin: 0;
    padding: 0;
    overflow: hidden;
    /* What is done here does not move the page behind. */
    overscroll-behavior: contain;
    touch-action: pinch-zoom;
    border: 0;
    border-radius: var(--_radius-l);
    outline: none;
    background: var(--_surface);
    box-shadow: var(--_shadow);
    color: inherit;

    /* Room for the button in the head of the room. */
    --_head-end: var(--_target);
  }

  dialog[open] {
    animation: rise var(--_motion) ease-out;
  }

  [data-corner^='top'] {
    --_block-safe: env(safe-area-inset-top, 0px);
  }

  [data-corner^='top'] .round {
    inset-block: var(--_block) auto;
  }

  [data-corner^='top'] dialog {
    inset-block: calc(var(--_block) + var(--_button) + var(--_gap)) auto;
  }

  [data-corner$='start'] :is(.round, dialog) {
    inset-inline: var(--_inline) auto;
  }

  .room {
    position: relative;
    block-size: 100%;
  }

  .close {
    position: absolute;
    z-index: 1;
    inset-block-start: calc(var(--_border, 1px) + (44px - var(--_target)) / 2);
    inset-inline-end: 8px;
    display: grid;
    place-items: center;
    inline-size: var(--_target);
    block-size: var(--_target);
    border-radius: var(--_radius-s);
    color: var(--_muted);
    transition: background-color var(--_motion);
  }

  @media (hover: hover) {
    .close:hover {
      background: var(--_hover);
      color: var(--_text);
    }
  }

  @media ${fullScreen} {
    .corner dialog {
      inset: 0;
      inline-size: 100%;
      block-size: 100%;
      padding: env(safe-area-inset-top, 0px) env(safe-area-inset-right, 0px) env(safe-area-inset-bottom, 0px)
        env(safe-area-inset-left, 0px);
      box-shadow: none;
      --_radius-l: 0px;
    }

    .corner ::slotted(*) {
      border-width: 0 !important;
    }

    .corner .close {
      --_border: 0px;
    }
  }

  @media print {
    .corner {
      display: none;
    }
  }

  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }
`;
