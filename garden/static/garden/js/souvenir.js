/** Sharing a souvenir: the picture itself where the phone can, else its address, else a copy of it to paste. */

const button = /** @type {HTMLButtonElement} */ (document.querySelector("[data-share]"));
const said = /** @type {HTMLElement} */ (document.querySelector("[data-status]"));
const { file, name, address, title, copied, written } = /** @type {Record<string, string>} */ ({ ...button.dataset });

/** @type {Promise<File | undefined> | undefined} */
let picture;

button.hidden = false;
// Sharing needs a recent touch, so the picture is fetched before it.
for (const sign of ["pointerdown", "focus"]) button.addEventListener(sign, fetchPicture, { once: true });
button.addEventListener("click", () => void share());

async function share() {
  try {
    if (!navigator.share) return await copy();
    const files = await filesToShare();
    await navigator.share(files ? { files, title, text: address } : { title, url: address });
  } catch (error) {
    if (/** @type {DOMException} */ (error).name !== "AbortError") await copy();
  }
}

async function filesToShare() {
  const found = await fetchPicture();
  return found && navigator.canShare?.({ files: [found] }) ? [found] : undefined;
}

function fetchPicture() {
  picture ??= fetch(file)
    .then((response) => (response.ok ? response.blob() : undefined))
    .then((blob) => blob && new File([blob], name, { type: blob.type }))
    .catch(() => undefined);
  return picture;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(address);
    said.textContent = copied;
  } catch {
    // A page without encryption may not copy: the visitor does it.
    const field = document.createElement("input");
    field.readOnly = true;
    field.value = address;
    field.setAttribute("aria-label", written);
    said.replaceChildren(written, field);
    field.select();
  }
}
