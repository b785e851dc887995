/** The few icons of the page, drawn to sit on a 16 px grid. */

import { svg } from "lit";

const icon = (path: string) =>
  svg`<svg
    viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true"
  ><path d=${path} /></svg>`;

export const icons = {
  play: icon("M4 2.5v11l9.5-5.5z"),
  pause: icon("M4 3h3v10H4zM9 3h3v10H9z"),
  stepForward: icon("M3 3v10l7-5zM11 3h2v10h-2z"),
  stepBack: icon("M13 3v10L6 8zM3 3h2v10H3z"),
  toStart: icon("M2.5 3h2v10h-2zM5 8l4.5-4v8zM9.5 8L14 4v8z"),
  toEnd: icon("M11.5 3h2v10h-2zM11 8L6.5 4v8zM6.5 8L2 4v8z"),
  cross: icon("M4.4 3.4 8 7l3.6-3.6 1 1L9 8l3.6 3.6-1 1L8 9l-3.6 3.6-1-1L7 8 3.4 4.4z"),
  help: icon(
    "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm0 1.3a5.2 5.2 0 1 1 0 10.4" +
      "A5.2 5.2 0 0 1 8 2.8z" +
      "M7.3 10.6h1.4V12H7.3zM8 4.2c-1.4 0-2.4.9-2.5 2.2h1.3c.1-.6.5-1 1.2-1s1.1.4 1.1 1" +
      "c0 .5-.3.8-.8 1.2-.7.5-1 1-1 1.8v.3h1.3v-.2c0-.5.2-.8.8-1.2.7-.5 1.1-1.1 1.1-1.9" +
      " 0-1.3-1-2.2-2.5-2.2z",
  ),
  mark: svg`<svg
    viewBox="0 0 20 16" width="20" height="16" fill="none" stroke="currentColor"
    stroke-width="2" stroke-linecap="round" aria-hidden="true"
  ><path d="M1 3h10M1 8h6M1 13h10" /><circle cx="14.5" cy="8" r="3.8" /></svg>`,
} as const;
