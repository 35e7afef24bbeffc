/** As much of a page as modules without a page of their own touch when they are loaded. */

/** What the server writes into a page with `json_script`, by the id of its element. @param {Record<string, unknown>} json */
export function openPage(json) {
  const elementOf = (id) => (id in json ? { textContent: JSON.stringify(json[id]) } : null);
  globalThis.document = {
    getElementById: elementOf,
    querySelector: () => null,
  };
  globalThis.location = new URL("http://localhost/");
  globalThis.localStorage = new Storage();
  globalThis.window = Object.assign(new EventTarget(), { setTimeout, clearTimeout });
}

/** Keys are its own properties, as in a browser. */
class Storage {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, value) {
    this[key] = String(value);
  }

  removeItem(key) {
    delete this[key];
  }
}
