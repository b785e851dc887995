/** The page's layout: prose left, stage right, transport below; one side at a time where narrow. */

import { css } from "lit";
import { controls } from "../styles/controls.ts";

export const appStyles = [
  controls,
  css`
    :host {
      display: flex;
      flex-direction: column;
      overflow: hidden;
    }
    lab-header,
    lab-transport {
      flex: none;
    }
    main {
      display: grid;
      grid-template-columns: minmax(340px, 33%) minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr);
      flex: 1;
      min-height: 0;
    }
    .prose {
      min-width: 0;
      border-right: 1px solid var(--line);
      background: var(--surface);
      overflow-y: auto;
    }
    main.breaking {
      grid-template-columns: minmax(340px, 30%) minmax(0, 1fr) 372px;
    }
    lab-fault-panel {
      min-width: 0;
      border-left: 1px solid var(--line);
    }
    @media (max-width: 1199px) {
      main.breaking {
        grid-template-columns: 372px minmax(0, 1fr);
      }
      main.breaking .prose {
        display: none;
      }
      main.breaking .title {
        display: block;
      }
      main.breaking lab-fault-panel {
        order: -1;
        border-left: 0;
        border-right: 1px solid var(--line);
      }
    }
    .strip,
    .title {
      display: none;
    }
    .notice {
      position: fixed;
      top: 58px;
      left: 50%;
      transform: translateX(-50%);
      pointer-events: none;
    }
    .notice span {
      padding: 6px 14px;
      border: 1px solid var(--line);
      border-radius: 16px;
      background: var(--surface);
      color: var(--text);
      font-size: 13px;
    }
    @media (max-width: 799px) {
      main {
        grid-template-columns: minmax(0, 1fr);
      }
      main.breaking {
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: minmax(0, 1fr);
      }
      main.breaking lab-stage,
      main.read lab-fault-panel {
        display: none;
      }
      main.breaking.read .prose {
        display: block;
      }
      main.breaking.read .title {
        display: none;
      }
      main.breaking lab-fault-panel {
        border-right: 0;
      }
      main.read lab-stage,
      main.watch .prose {
        display: none;
      }
      .prose {
        border-right: 0;
      }
      .title {
        display: block;
      }
      main.read ~ lab-transport lab-faults {
        display: none;
      }
      .strip {
        display: grid;
        flex: none;
        grid-template-columns: 1fr 1fr;
        border-top: 1px solid var(--line);
        background: var(--surface);
      }
      .strip button {
        min-height: 48px;
        border: 0;
        border-top: 2px solid transparent;
        border-radius: 0;
        color: var(--muted);
      }
      .strip button[aria-pressed="true"] {
        border-top-color: var(--accent);
        color: var(--text);
        font-weight: 600;
      }
    }
  `,
];
