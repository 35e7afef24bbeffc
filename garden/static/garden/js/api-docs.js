/** Names, landmarks and heading levels that Swagger UI leaves out. */

/** @type {[string, Record<string, string>][]} */
const ATTRIBUTES = [
  ["textarea.body-param__text", { "aria-label": "Request body" }],
  ["select.examples-select-element", { "aria-label": "Example" }],
  ["select.content-type", { "aria-label": "Content type" }],
  [".information-container", { role: "region", "aria-label": "About" }],
  ["h3.opblock-tag", { "aria-level": "2" }],
  [".opblock h4", { "aria-level": "3" }],
  ["section.models h4", { "aria-level": "2" }],
  [".opblock h5", { "aria-level": "4" }],
];

new MutationObserver(() => {
  for (const [selector, attributes] of ATTRIBUTES) {
    for (const element of document.querySelectorAll(selector)) {
      for (const [name, value] of Object.entries(attributes)) {
        if (element.getAttribute(name) !== value) element.setAttribute(name, value);
      }
    }
  }
}).observe(document, { childList: true, subtree: true });
