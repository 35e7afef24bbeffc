/** Where the curator is, in the address: a reload, a shared link and the way back find the same picture. */

const CALM_MS = 250;

/** @typedef {import("./desk.js").Desk} Desk */

export class Address {
  #timer = 0;

  /**
   * @param {Desk} desk
   * @param {import("./grid.js").Grid} grid
   */
  constructor(desk, grid) {
    this.desk = desk;
    this.grid = grid;
    history.scrollRestoration = "manual";
    desk.addEventListener("move", () => this.#soon());
    desk.addEventListener("look", () => this.#look());
    document.addEventListener("scroll", () => this.#soon(), { passive: true });
    window.addEventListener("pagehide", () => this.write());
    window.addEventListener("popstate", () => desk.look(viewOf(location.search)));
  }

  /** Put the desk back to what the address says. */
  read() {
    const params = new URLSearchParams(location.search);
    const at = Number(params.get("at"));
    const { offset } = history.state ?? {};
    this.desk.goTo(at ? this.desk.feed.placeOf(at) : 0);
    if (at && typeof offset === "number") this.grid.hold(offset);
    this.desk.look(viewOf(location.search));
  }

  /** Browsers allow some hundred writes a minute: a held key writes once it rests. */
  #soon() {
    if (!this.#timer) this.#timer = window.setTimeout(() => this.write(), CALM_MS);
  }

  write() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    history.replaceState({ ...history.state, offset: this.grid.offset }, "", this.#address());
  }

  /** Full screen is a step of its own, so that a phone's way back leaves it and not the page. */
  #look() {
    if (viewOf(location.search) === this.desk.view) return;
    if (this.desk.view === "one") history.pushState({ entered: true }, "", this.#address());
    else if (history.state?.entered) history.back();
    else this.write();
  }

  #address() {
    const params = new URLSearchParams(location.search);
    if (this.desk.current) params.set("at", String(this.desk.current.id));
    if (this.desk.view === "one") params.set("view", "one");
    else params.delete("view");
    return `?${params}`;
  }
}

/** @param {string} search */
function viewOf(search) {
  return new URLSearchParams(search).get("view") === "one" ? "one" : "grid";
}
