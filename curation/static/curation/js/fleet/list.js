/** The devices, problems first. News changes what is there and moves neither the reader's place nor their focus. */

import { fillCard, makeCard, tickCard } from "./card.js";

/** @typedef {import("./config.js").Device} Device */

export class List {
  /** @type {Map<string, HTMLElement>} */
  #cards = new Map();
  /** @type {Device[]} */
  #devices = [];

  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    setInterval(() => this.keepPlace(() => this.#tick()), 1000);
  }

  /**
   * @param {Device[]} devices in their order
   * @param {(device: Device) => boolean} fits
   */
  show(devices, fits) {
    this.#devices = devices;
    this.#discard(new Set(devices.map(({ id }) => id)));
    for (const device of devices) this.#fill(device, fits(device));
    this.#sort(devices.map(({ id }) => /** @type {HTMLElement} */ (this.#cards.get(id))));
    return devices.filter(fits).length;
  }

  /** @param {number} steps */
  move(steps) {
    const cards = [...this.list.children].filter((card) => !(/** @type {HTMLElement} */ (card).hidden));
    const at = cards.findIndex((card) => card.contains(document.activeElement));
    const next = at < 0 ? 0 : Math.max(0, Math.min(at + steps, cards.length - 1));
    /** @type {HTMLElement | undefined} */ (cards[next])?.focus();
  }

  /**
   * @param {Device} device
   * @param {boolean} fits
   */
  #fill(device, fits) {
    const card = this.#cards.get(device.id) ?? makeCard(device);
    this.#cards.set(device.id, card);
    fillCard(card, device);
    card.hidden = !fits;
  }

  /** @param {Set<string>} known */
  #discard(known) {
    for (const [id, card] of this.#cards) {
      if (known.has(id)) continue;
      card.remove();
      this.#cards.delete(id);
    }
  }

  /**
   * An element that is moved loses its focus: the others move around it.
   * @param {HTMLElement[]} cards
   */
  #sort(cards) {
    cards.forEach((card, place) => {
      const holds = card.isConnected && card.contains(document.activeElement);
      while (this.list.children[place] !== card) {
        if (holds) this.list.append(this.list.children[place]);
        else this.list.insertBefore(card, this.list.children[place] ?? null);
      }
    });
  }

  /**
   * Change the page, above the list too, and keep what the reader looks at where it is.
   * @param {() => void} change
   */
  keepPlace(change) {
    const anchor = this.#anchor();
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (anchor?.isConnected && !anchor.hidden) window.scrollBy(0, anchor.getBoundingClientRect().top - before);
  }

  /** What the reader looks at: where they are with the keyboard, or the first card below the upper edge. */
  #anchor() {
    const focused = document.activeElement?.closest(".device");
    if (focused) return /** @type {HTMLElement} */ (focused);
    if (this.list.getBoundingClientRect().top >= 0) return undefined;
    const cards = /** @type {HTMLElement[]} */ ([...this.list.children]);
    return cards.find((card) => !card.hidden && card.getBoundingClientRect().top >= 0);
  }

  #tick() {
    for (const device of this.#devices) {
      const card = this.#cards.get(device.id);
      if (card && !card.hidden) tickCard(card, device);
    }
  }
}
