import { css } from 'lit';

export const composerStyles = css`
  :host {
    display: block;
  }

  form {
    position: relative;
    display: flex;
    align-items: flex-end;
    gap: 4px;
    padding: 3px;
    border: 1px solid var(--_line);
    border-radius: 19px;
    background: var(--_surface);
    transition: border-color var(--_motion);
  }

  form:focus-within {
    border-color: var(--_accent);
    box-shadow: 0 0 0 1px var(--_accent);
  }

  textarea {
    flex: 1;
    min-inline-size: 0;
    /* Six lines and the padding. */
    max-block-size: calc(6 * var(--_text-line) + 12px);
    padding-block: 6px;
    padding-inline: 12px 0;
    overflow-y: auto;
    font-size: var(--_field-size);
    line-height: var(--_text-line);
    resize: none;
    scrollbar-width: thin;
  }

  textarea:focus-visible {
    outline: none;
  }

  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  @media (pointer: coarse) {
    textarea {
      padding-block: 12px;
      max-block-size: calc(6 * var(--_text-line) + 24px);
    }

    form {
      border-radius: 25px;
    }
  }

  .send {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: var(--_target);
    block-size: var(--_target);
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_on-accent);
    transition: background-color var(--_motion);
  }

  .send:disabled {
    background: var(--_hover);
    color: var(--_muted);
    opacity: 1;
  }

  .left {
    position: absolute;
    inset-block-end: 100%;
    inset-inline-end: 12px;
    padding-inline: 6px;
    border-radius: 6px;
    background: var(--_surface);
    color: var(--_muted);
    font-size: var(--_meta-size);
    line-height: var(--_meta-line);
  }

  .left[data-over] {
    color: var(--_danger);
    font-weight: 600;
  }

  .left:empty {
    display: none;
  }
`;
