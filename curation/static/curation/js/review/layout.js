/** Where tiles lie: numbers only. */

export const GAP = 8;
const SMALLEST = 220;
const LARGEST = 320;
/** Height of a tile in widths of it; a list of both orientations gives each the same room. */
const SHAPES = { landscape: 5 / 8, portrait: 8 / 5 };

/**
 * As few columns as keep tiles within their largest width.
 * @param {number} width of the grid, px
 * @param {string} orientation of all pictures, or empty
 */
export function layout(width, orientation) {
  const fitting = Math.max(1, Math.ceil((width + GAP) / (LARGEST + GAP)));
  const columns = fitting > 1 && sideOf(width, fitting) < SMALLEST ? fitting - 1 : fitting;
  const side = Math.floor(Math.min(LARGEST, sideOf(width, columns)));
  const shape = SHAPES[/** @type {"landscape" | "portrait"} */ (orientation)] ?? 1;
  const height = Math.round(side * shape);
  const left = Math.floor((width - columns * (side + GAP) + GAP) / 2);
  return { columns, side, height, left, step: height + GAP };
}

/**
 * @param {number} width
 * @param {number} columns
 */
function sideOf(width, columns) {
  return (width - (columns - 1) * GAP) / columns;
}
