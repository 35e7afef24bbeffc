/** Brush, eraser and pencil: a line of round dabs along the pointer's way, kept within the crop. */

/**
 * @typedef {import("./layer.js").Layer} Layer
 * @typedef {import("./view.js").Point} Point
 * @typedef {import("./view.js").Rectangle} Rectangle
 * @typedef {{size: number, erase: boolean}} Tip size is the diameter in the picture's pixels
 */

export class Stroke {
  /** @type {Point} */
  #last;

  /** @param {Layer} layer @param {Tip} tip @param {Rectangle} within @param {Point} start */
  constructor(layer, tip, within, start) {
    this.layer = layer;
    this.tip = tip;
    this.within = within;
    this.#last = start;
    layer.begin();
    this.to(start);
  }

  /** @param {Point} point */
  to(point) {
    const from = this.#last;
    this.#last = point;
    this.layer.paint(
      this.#around(from, point),
      (brush) => {
        clipTo(brush, this.within);
        brush.globalCompositeOperation = this.tip.erase ? "destination-out" : "source-over";
        brush.strokeStyle = this.layer.colour;
        brush.lineWidth = this.tip.size;
        brush.lineCap = "round";
        brush.lineJoin = "round";
        brush.beginPath();
        brush.moveTo(from.x, from.y);
        // A line of no length draws nothing in some browsers; a dab must always be seen.
        brush.lineTo(point.x + (from === point ? 0.01 : 0), point.y);
        brush.stroke();
      },
      { adds: !this.tip.erase },
    );
  }

  end() {
    return this.layer.end();
  }

  /** @param {Point} one @param {Point} other */
  #around(one, other) {
    const reach = this.tip.size / 2 + 1;
    return {
      x: Math.min(one.x, other.x) - reach,
      y: Math.min(one.y, other.y) - reach,
      width: Math.abs(one.x - other.x) + 2 * reach,
      height: Math.abs(one.y - other.y) + 2 * reach,
    };
  }
}

/** @param {CanvasRenderingContext2D} brush @param {Rectangle} area */
export function clipTo(brush, { x, y, width, height }) {
  brush.beginPath();
  brush.rect(x, y, width, height);
  brush.clip();
}
