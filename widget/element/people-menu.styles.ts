import { css } from 'lit';

export const peopleMenuStyles = css`
  button {
    display: flex;
    align-items: center;
    min-inline-size: var(--_target);
    block-size: var(--_target);
    padding-inline: 4px;
    border-radius: var(--_radius-s);
    transition: background-color var(--_motion);
  }

  button:hover,
  button[aria-expanded='true'] {
    background: var(--_hover);
  }

  .face {
    box-shadow: 0 0 0 2px var(--_surface);
  }

  .face + .face {
    margin-inline-start: -6px;
  }

  .more {
    background: var(--_line);
    color: var(--_text);
  }
`;
