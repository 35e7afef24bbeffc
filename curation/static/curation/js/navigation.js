/** The open area and page are in sight where not all have room, as on a phone. Before the first paint: no module. */

for (const current of document.querySelectorAll(":is(.areas, .curation-pages) [aria-current]")) {
  const list = current.parentElement;
  if (list && current instanceof HTMLElement) {
    const middle = current.offsetLeft + current.offsetWidth / 2 - list.offsetLeft;
    // Only the list: scrollIntoView would move the page as well.
    list.scrollLeft = middle - list.clientWidth / 2;
  }
}
