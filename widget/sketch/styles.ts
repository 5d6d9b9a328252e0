import { css } from 'lit';

/**
 * The look of the sketch. Everything on the board itself is placed from the left: a drawing is
 * never mirrored.
 */
export const styles = css`
  :host {
    display: block;
    position: relative;
    min-inline-size: 0;
    min-block-size: 0;
    overflow: hidden;
    background: var(--_paper);
    color: var(--_text);
    font: var(--_text-size) / var(--_text-line) var(--_font);
    -webkit-user-select: none;
    user-select: none;
  }

  .board {
    position: absolute;
    inset: 0;
    overflow: hidden;
    outline: none;
    /* Layers that are moved by transform stay among themselves. */
    contain: strict;
  }

  /* Whoever has just drawn with a pointer needs no ring to see where they are. */
  .board:focus-visible:not([data-pointed])::after {
    content: '';
    position: absolute;
    inset: 0;
    border: 2px solid var(--_accent);
    pointer-events: none;
  }

  canvas {
    position: absolute;
    top: 0;
    left: 0;
    transform-origin: 0 0;
    will-change: transform;
    pointer-events: none;
  }

  .surface {
    position: absolute;
    inset: 0;
    touch-action: none;
    cursor: var(--_cursor);
  }

  .cursor,
  .who {
    position: absolute;
    top: 0;
    left: 0;
    pointer-events: none;
  }

  .cursor {
    inline-size: 0;
    block-size: 0;
    z-index: 1;
  }

  .cursor.gliding {
    transition: transform 90ms linear;
  }

  .cursor::before {
    content: '';
    position: absolute;
    top: -1px;
    left: -1px;
    inline-size: 14px;
    block-size: 18px;
    background: var(--_person);
    clip-path: polygon(0 0, 100% 62%, 52% 66%, 28% 100%);
  }

  .cursor-name {
    position: absolute;
    top: 16px;
    left: 10px;
    max-inline-size: 160px;
    overflow: hidden;
    padding: 1px 6px;
    border-radius: var(--_radius-s);
    background: var(--_person);
    color: #ffffff;
    font-size: var(--_meta-size);
    line-height: var(--_meta-line);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .who {
    z-index: 2;
    max-inline-size: 240px;
    overflow: hidden;
    padding: 4px 8px;
    border-radius: var(--_radius-s);
    background: var(--_surface);
    box-shadow: var(--_shadow);
    color: var(--_text);
    font-size: var(--_meta-size);
    line-height: var(--_meta-line);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .who::before {
    content: '';
    display: inline-block;
    inline-size: 8px;
    block-size: 8px;
    margin-inline-end: 6px;
    border-radius: 50%;
    background: var(--_person);
  }

  .empty {
    position: absolute;
    inset: 0 0 48px;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 4px;
    padding: 16px;
    color: var(--_muted);
    text-align: center;
    pointer-events: none;
  }

  .empty strong {
    color: var(--_text);
    font-size: 18px;
    font-weight: 600;
    line-height: 24px;
  }

  .empty svg {
    margin-block-end: 8px;
    color: var(--_accent);
  }

  .skeleton {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    color: var(--_line);
    pointer-events: none;
    opacity: 0;
    animation:
      appear 150ms 300ms forwards,
      breathe 1.6s 450ms ease-in-out infinite alternate;
  }

  @keyframes appear {
    to {
      opacity: 1;
    }
  }

  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .cursor.gliding {
      transition: none;
    }

    .skeleton {
      animation: appear 0s 300ms forwards;
    }
  }
`;
