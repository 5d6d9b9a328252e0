import { css, html, type TemplateResult } from 'lit';
import { styleProperties } from './style-properties.js';
import type { Person } from '../../protocol/timeline/state.js';
import { initials, personColor } from './person-color.js';

/** A person's face: initials on their colour. It is decoration: the name stands beside it. */
export function faceView({ id, name }: Person): TemplateResult {
  return html`<span class="face" aria-hidden="true" style=${styleProperties({ background: personColor(id) })}
    >${initials(name)}</span
  >`;
}

/** `--_face` is its size. */
export const faceStyles = css`
  .face {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: var(--_face, 24px);
    block-size: var(--_face, 24px);
    border-radius: 50%;
    color: #fff;
    font-size: calc(var(--_face, 24px) * 0.4);
    font-weight: 600;
    line-height: 1;
    user-select: none;
  }
`;
