/** Where the curator is, in the address: a reload, a shared link and the way back find the same picture. */

const CALM_MS = 250;

/** @typedef {import("./screen.js").ReviewScreen} ReviewScreen */

export class Address {
  #timer = 0;

  /**
   * @param {ReviewScreen} screen
   * @param {import("./grid.js").Grid} grid
   */
  constructor(screen, grid) {
    this.screen = screen;
    this.grid = grid;
    history.scrollRestoration = "manual";
    screen.addEventListener("move", () => this.#soon());
    screen.addEventListener("look", () => this.#look());
    document.addEventListener("scroll", () => this.#soon(), { passive: true });
    window.addEventListener("pagehide", () => this.write());
    window.addEventListener("popstate", () => screen.look(viewOf(location.search)));
  }

  /** Put the screen back to what the address says. */
  read() {
    const params = new URLSearchParams(location.search);
    const at = Number(params.get("at"));
    const { offset } = history.state ?? {};
    this.screen.goTo(at ? this.screen.list.placeOf(at) : 0);
    if (at && typeof offset === "number") this.grid.hold(offset);
    this.screen.look(viewOf(location.search));
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
    if (viewOf(location.search) === this.screen.view) return;
    if (this.screen.view === "one") history.pushState({ entered: true }, "", this.#address());
    else if (history.state?.entered) history.back();
    else this.write();
  }

  #address() {
    const params = new URLSearchParams(location.search);
    if (this.screen.current) params.set("at", String(this.screen.current.id));
    if (this.screen.view === "one") params.set("view", "one");
    else params.delete("view");
    return `?${params}`;
  }
}

/** @param {string} search */
function viewOf(search) {
  return new URLSearchParams(search).get("view") === "one" ? "one" : "grid";
}
