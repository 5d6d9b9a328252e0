import { css } from 'lit';

/**
 * The look's values, once. `--chalk-*` is what a page may set; `--_*` is what our styles read, with
 * our own choice behind it. Everything is in px: a page's root font size must not scale us.
 * `color-scheme` on the host decides between the pairs.
 */
export const tokens = css`
  :host {
    --_accent: var(--chalk-accent, light-dark(#2c6e5d, #7fcbb3));
    --_on-accent: var(--chalk-on-accent, light-dark(#ffffff, #10201b));
    --_accent-soft: color-mix(in oklab, var(--_accent) 14%, transparent);
    --_danger: var(--chalk-danger, light-dark(#b3261e, #ff9287));

    /* Five greys, from what lies behind the ink to the text. */
    --_paper: var(--chalk-paper, light-dark(#fbfaf6, #1b2024));
    --_surface: var(--chalk-surface, light-dark(#ffffff, #22282d));
    --_line: var(--chalk-line, light-dark(#e4e0d8, #3a434a));
    --_muted: var(--chalk-muted, light-dark(#69645b, #a3aeb6));
    --_text: var(--chalk-text, light-dark(#23211d, #e9edf0));
    --_hover: color-mix(in oklab, var(--_text) 7%, transparent);
    --_pressed: color-mix(in oklab, var(--_text) 12%, transparent);

    --_radius-s: var(--chalk-radius-s, 6px);
    --_radius-m: var(--chalk-radius-m, 10px);
    --_radius-l: var(--chalk-radius-l, 16px);
    --_shadow: var(
      --chalk-shadow,
      0 1px 2px light-dark(#2019, #0006),
      0 6px 20px light-dark(rgb(32 26 16 / 12%), rgb(0 0 0 / 40%))
    );

    --_font: var(--chalk-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    --_text-size: 14px;
    --_text-line: 20px;
    /* Where one writes: from 16 px on no phone zooms in on it. */
    --_field-size: var(--_text-size);
    --_meta-size: 12px;
    --_meta-line: 16px;

    /* Targets: 32 px with a mouse, 44 px where a finger is the pointer. */
    --_target: 32px;
    --_motion: 120ms;
  }

  @media (pointer: coarse) {
    :host {
      --_target: 44px;
      --_field-size: 16px;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --_motion: 0ms;
    }
  }
`;
