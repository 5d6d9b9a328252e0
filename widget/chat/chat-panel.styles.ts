import { css } from 'lit';

export const chatPanelStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    background: var(--_surface);
  }

  chalk-messages {
    flex: 1;
  }

  chalk-composer,
  .read-only {
    flex: none;
    margin: 0 12px 12px;
  }

  .read-only {
    min-block-size: 40px;
    color: var(--_muted);
    line-height: 40px;
    text-align: center;
  }

  /* Always there, so that nothing moves when someone begins to write. */
  .typing {
    display: flex;
    flex: none;
    align-items: center;
    gap: 6px;
    block-size: 22px;
    padding-inline: 18px;
    color: var(--_muted);
    font-size: var(--_meta-size);
    line-height: var(--_meta-line);
  }

  .who {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .dots {
    display: flex;
    flex: none;
    gap: 3px;
  }

  .dots i {
    inline-size: 4px;
    block-size: 4px;
    border-radius: 50%;
    background: currentColor;
    animation: breathe 1.2s ease-in-out infinite alternate;
  }

  .dots i:nth-child(2) {
    animation-delay: 0.2s;
  }

  .dots i:nth-child(3) {
    animation-delay: 0.4s;
  }

  @keyframes breathe {
    from {
      opacity: 0.3;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .dots i {
      animation: none;
    }
  }
`;
