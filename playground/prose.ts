/** A lesson's Markdown -> the pieces the notebook shows: HTML, and the places of the two cells.
 *
 *  Live words are links whose target starts with `#`:
 *    #batch=3000   a batch, by its time in ms      #partition=1   a partition
 *    #view=lineage a view of the stage             #fault=crashDriver, #fault=stopBroker:1 */

import MarkdownIt from "markdown-it";

export type ProsePiece =
  | { readonly kind: "html"; readonly html: string }
  | { readonly kind: "cell" }
  | { readonly kind: "exercise" };

/** What a live word does when it is followed. */
export type LiveWord =
  | { readonly kind: "batch"; readonly batchTimeMs: number }
  | { readonly kind: "partition"; readonly partition: number }
  | { readonly kind: "view"; readonly view: string }
  | { readonly kind: "crashDriver" }
  | { readonly kind: "stopBroker"; readonly broker: number };

// Raw HTML stays text, so a lesson by somebody else can draw nothing but prose.
const markdown = new MarkdownIt({ html: false, typographer: false });

/** Shape: Markdown with lines `@cell` and `@exercise` -> pieces, in order. */
export function readProse(body: string): ProsePiece[] {
  return body.split(/^(@cell|@exercise)[ \t]*$/m).flatMap((part): ProsePiece[] => {
    if (part === "@cell") return [{ kind: "cell" }];
    if (part === "@exercise") return [{ kind: "exercise" }];
    const html = markdown.render(part).trim();
    return html === "" ? [] : [{ kind: "html", html }];
  });
}

/** The live word a link's target means; null for an ordinary link. */
export function readLiveWord(target: string): LiveWord | null {
  const [, name, value = ""] = /^#(batch|partition|view|fault)=(.+)$/.exec(target) ?? [];
  switch (name) {
    case "batch":
      return { kind: "batch", batchTimeMs: Number.parseInt(value, 10) };
    case "partition":
      return { kind: "partition", partition: Number.parseInt(value, 10) };
    case "view":
      return { kind: "view", view: value };
    case "fault": {
      const [fault, broker = "1"] = value.split(":");
      if (fault === "crashDriver") return { kind: "crashDriver" };
      return fault === "stopBroker"
        ? { kind: "stopBroker", broker: Number.parseInt(broker, 10) }
        : null;
    }
    default:
      return null;
  }
}
