/** The open page's name is in sight where not all of them have room, as on a phone. Before the first paint: no module. */

{
  const current = document.querySelector(".curation-pages [aria-current]");
  const list = current?.parentElement;
  if (list && current instanceof HTMLElement) {
    const middle = current.offsetLeft + current.offsetWidth / 2 - list.offsetLeft;
    // Only the list: scrollIntoView would move the page as well.
    list.scrollLeft = middle - list.clientWidth / 2;
  }
}
