/** What every element of the page shares: buttons, chips, focus, and text only readers hear. */

import { css } from "lit";

export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  button,
  select {
    min-height: var(--target);
    padding: 0 12px;
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    background: var(--surface);
    color: var(--text);
    font: inherit;
    font-size: 13px;
    line-height: 1.2;
    white-space: nowrap;
    cursor: pointer;
    transition: background-color 120ms;
  }

  button:hover:not(:disabled),
  select:hover {
    background: var(--sunken);
  }

  button:disabled {
    color: var(--muted);
    cursor: default;
  }

  button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }

  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--accent), var(--text) 14%);
  }

  button.danger:not(:disabled) {
    color: var(--fail);
  }

  button.quiet {
    border-color: transparent;
    background: transparent;
    color: var(--muted);
  }

  button.quiet:hover:not(:disabled) {
    background: var(--sunken);
    color: var(--text);
  }

  button.icon {
    display: inline-grid;
    place-items: center;
    width: calc(var(--target) + 6px);
    padding: 0;
  }

  button svg {
    display: block;
  }

  .segments {
    display: inline-flex;
    padding: 2px;
    border-radius: var(--radius);
    background: var(--sunken);
  }

  .segments button {
    min-height: calc(var(--target) - 4px);
    border: 1px solid transparent;
    background: transparent;
    color: var(--muted);
  }

  .segments button[aria-pressed="true"],
  .segments button[aria-selected="true"] {
    border-color: var(--line);
    background: var(--surface);
    color: var(--text);
    font-weight: 600;
  }

  a {
    color: var(--accent);
    text-underline-offset: 3px;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  code,
  .code {
    font-family: var(--font-code);
    font-size: 0.92em;
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
