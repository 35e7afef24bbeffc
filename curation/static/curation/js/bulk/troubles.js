/** What went wrong, told until it goes right: what a button met is not wiped away by the next look at the job. */

export class Troubles {
  /** @type {Map<string, string>} */
  #told = new Map();

  /** @param {HTMLElement} line */
  constructor(line) {
    this.line = line;
  }

  /**
   * @param {"watching" | "steering"} work
   * @param {import("./server.js").Trouble | null} trouble null once it goes right
   */
  tell(work, trouble) {
    if (trouble) this.#told.set(work, trouble.message);
    else this.#told.delete(work);
    const text = [...this.#told.values()].join(" ");
    if (this.line.textContent !== text) this.line.textContent = text;
    this.line.hidden = text === "";
  }
}
