/**
 * Keeps the wall's page whole in the browser: a wall that is switched on without a network shows it all the same.
 * Pictures are kept by the page itself. The server puts the version and its files before this text.
 */

/**
 * @typedef {{version: string, files: string[]}} Shell
 * @typedef {Event & {waitUntil: (work: Promise<unknown>) => void}} WorkerEvent
 * @typedef {WorkerEvent & {request: Request, respondWith: (response: Promise<Response>) => void}} Asking
 */

(() => {
  const worker = /** @type {any} */ (self);
  const { version, files } = /** @type {Shell} */ (worker.shell);
  const SHELLS = "wall-shell-";
  const SHELL = SHELLS + version;
  const PAGE = /\/wall\/[A-Za-z0-9][\w-]*\/[1-8]\/[hv]$/;
  const SIGN = "X-Wall-Version";
  const PATIENCE_MS = 5000;
  const held = new Set(files.map((file) => new URL(file, worker.location.href).href));

  worker.addEventListener("install", (/** @type {WorkerEvent} */ event) => event.waitUntil(install()));
  worker.addEventListener("activate", (/** @type {WorkerEvent} */ event) => event.waitUntil(activate()));
  worker.addEventListener("fetch", (/** @type {Asking} */ event) => {
    const { request } = event;
    if (request.method !== "GET") return;
    if (held.has(request.url)) event.respondWith(heldFile(request));
    else if (request.mode === "navigate" && isPage(request.url)) event.respondWith(page(event));
  });

  /** All or nothing: a version that is not whole is not installed, and tried again later. */
  async function install() {
    const shell = await caches.open(SHELL);
    await shell.addAll(files);
    for (const address of await pagesInUse()) await holdPage(shell, address);
    await worker.skipWaiting();
  }

  async function activate() {
    for (const name of await caches.keys()) {
      if (name.startsWith(SHELLS) && name !== SHELL) await caches.delete(name);
    }
    await worker.clients.claim();
    for (const client of await worker.clients.matchAll({ type: "window" })) client.postMessage({ version });
  }

  /** @returns {Promise<Set<string>>} walls that are open in this browser, or were */
  async function pagesInUse() {
    const open = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    /** @type {string[]} */
    const addresses = open.map((/** @type {{url: string}} */ { url }) => url);
    for (const name of await caches.keys()) {
      if (!name.startsWith(SHELLS)) continue;
      for (const { url } of await (await caches.open(name)).keys()) addresses.push(url);
    }
    return new Set(addresses.filter(isPage).map(plain));
  }

  /** @param {Cache} shell @param {string} address */
  async function holdPage(shell, address) {
    const answer = await fetch(address, { cache: "no-store", redirect: "manual" });
    if (isOurs(answer)) await shell.put(address, answer);
    else if (answer.headers.has(SIGN) || answer.status >= 500) throw new Error(`${address} is of another version`);
  }

  /** @param {Request} request */
  async function heldFile(request) {
    return (await (await caches.open(SHELL)).match(request)) ?? fetch(request);
  }

  /**
   * As the server has it now, if all of it is here. A newer one has to be installed first; while there is no server, or
   * another server answers for it, the page does not change.
   * @param {Asking} event
   */
  async function page(event) {
    const shell = await caches.open(SHELL);
    const address = plain(event.request.url);
    const answer = await inTime(fetch(event.request));
    if (answer && isOurs(answer)) await shell.put(address, answer.clone());
    else if (answer?.headers.has(SIGN)) void worker.registration.update();
    if (answer && (isOurs(answer) || answer.type === "opaqueredirect")) return answer;
    return (await shell.match(address)) ?? (answer && answer.status < 500 ? answer : waiting());
  }

  /** Dark, until the garden is there: what a wall shows that was never opened before. */
  function waiting() {
    const ground = '<!doctype html><meta http-equiv="refresh" content="10"><body style="background: #0e1210">';
    return new Response(ground, { headers: { "Content-Type": "text/html" } });
  }

  /** @param {Promise<Response>} asking */
  function inTime(asking) {
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    return /** @type {Promise<Response | undefined>} */ (Promise.race([asking.catch(() => undefined), late]));
  }

  /** @param {Response} answer */
  function isOurs(answer) {
    return answer.ok && answer.headers.get(SIGN) === version;
  }

  /** @param {string} address */
  function isPage(address) {
    return PAGE.test(new URL(address).pathname);
  }

  /** Without what is asked of it: the period concerns the page's script alone. @param {string} address */
  function plain(address) {
    const { origin, pathname } = new URL(address);
    return origin + pathname;
  }
})();
