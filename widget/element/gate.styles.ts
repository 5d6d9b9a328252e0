import { css } from 'lit';

export const gateStyles = css`
  :host {
    display: block;
    overflow-y: auto;
  }

  .gate {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-block-size: 100%;
    padding: 24px;
    text-align: center;
    text-wrap: balance;
  }

  h2,
  p {
    margin: 0;
  }

  h2 {
    max-inline-size: 100%;
    font-size: 18px;
    font-weight: 600;
    line-height: 24px;
    overflow-wrap: anywhere;
  }

  p {
    max-inline-size: 340px;
    color: var(--_muted);
  }

  input {
    inline-size: min(280px, 100%);
    block-size: 40px;
    margin-block-start: 14px;
    padding-inline: 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    font-size: max(15px, var(--_field-size));
    text-align: center;
  }

  input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  input:focus-visible {
    border-color: var(--_accent);
    outline: 1px solid var(--_accent);
    outline-offset: 0;
  }

  button {
    border-radius: var(--_radius-m);
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 500;
    min-inline-size: 120px;
    min-block-size: 40px;
    margin-block-start: 12px;
    padding-inline: 18px;
  }

  input + button {
    inline-size: min(280px, 100%);
    margin-block-start: 4px;
  }

  .medal {
    display: grid;
    place-items: center;
    inline-size: 56px;
    block-size: 56px;
    margin-block-end: 10px;
    border-radius: 50%;
    background: var(--_accent-soft);
    color: var(--_accent);
  }
`;
