/** Positions in stripped code, mapped back to the text as written. Sucrase keeps lines and moves
 *  columns left where types were erased; browsers do not apply source maps to stacks. */

/** A position, lines and columns from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface Segment {
  readonly generatedColumn: number;
  readonly line: number;
  readonly column: number;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Shape: a position in the code -> the same place in the text.
 *  `mappings` is the field of that name in a source map, version 3, with one source. */
export function originalPosition(mappings: string, position: Position): Position {
  const row = readMappings(mappings)[position.line - 1] ?? [];
  let best: Segment = { generatedColumn: 0, line: position.line - 1, column: 0 };
  for (const segment of row) {
    if (segment.generatedColumn > position.column - 1) break;
    best = segment;
  }
  const along = position.column - 1 - best.generatedColumn;
  return { line: best.line + 1, column: best.column + 1 + along };
}

/** Lines are separated by `;`, segments by `,`; a segment is base-64 VLQ numbers, each relative to
 *  the one before: generated column (from 0 again on each line), source, line, column. */
function readMappings(mappings: string): Segment[][] {
  let line = 0;
  let column = 0;
  return mappings.split(";").map((row) => {
    let generatedColumn = 0;
    if (row === "") return [];
    return row.split(",").map((text) => {
      const [generatedStep = 0, , lineStep = 0, columnStep = 0] = readNumbers(text);
      generatedColumn += generatedStep;
      line += lineStep;
      column += columnStep;
      return { generatedColumn, line, column };
    });
  });
}

function readNumbers(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of text) {
    const digit = digits.indexOf(character);
    value |= (digit & 31) << shift;
    if ((digit & 32) !== 0) {
      shift += 5;
      continue;
    }
    numbers.push((value & 1) === 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
