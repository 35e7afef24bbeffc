/**
 * Watches over the page from outside of its modules: notes every error, and reloads the page when its loop has
 * stood still, or never began. Waits longer each time, and never exchanges the page for one of the browser's own.
 */

(() => {
  const CHECK_MS = 5000;
  const PATIENCE_MS = 120 * 1000;
  const FIRST_WAIT_MS = 30 * 1000;
  const LONGEST_WAIT_MS = 30 * 60 * 1000;
  const MEMORY = "wall-reloads";

  /** @type {string[]} */
  const errors = [];
  /** Errors are kept until somebody listens. @type {(text: string) => void} */
  let note = (text) => void errors.push(text);
  let patience = PATIENCE_MS / 4;
  let still = 0;

  window.wallGuard = {
    /** The loop goes round. @param {number} periodMs */
    isWell(periodMs) {
      still = 0;
      patience = PATIENCE_MS + periodMs;
    },
    /** Receives every error, earlier ones included. @param {(text: string) => void} listener */
    listen(listener) {
      note = listener;
      for (const text of errors.splice(0)) listener(text);
    },
  };

  /** @param {Event} event of a script or a style sheet that did not load, too */
  function noteError(event) {
    if (event instanceof ErrorEvent) note(`${event.message} (${event.filename.split("/").pop()}:${event.lineno})`);
    else if (event.target instanceof HTMLScriptElement) note(`${event.target.src} did not load`);
  }

  // Counted in steps, not by the clock: a machine that slept has not stood still.
  function check() {
    still += CHECK_MS;
    if (still > patience) void loadAnew();
  }

  async function loadAnew() {
    const { count, at } = JSON.parse(sessionStorage.getItem(MEMORY) ?? '{"count": 0, "at": 0}');
    const since = Date.now() - at;
    if (since < Math.min(FIRST_WAIT_MS * 2 ** count, LONGEST_WAIT_MS) || !(await isThere())) return;
    const again = since < 2 * LONGEST_WAIT_MS ? count + 1 : 0;
    sessionStorage.setItem(MEMORY, JSON.stringify({ count: again, at: Date.now() }));
    location.reload();
  }

  async function isThere() {
    if (navigator.serviceWorker?.controller) return true;
    return (await fetch(location.href, { method: "HEAD" }).catch(() => undefined))?.ok ?? false;
  }

  addEventListener("error", noteError, true);
  addEventListener("unhandledrejection", ({ reason }) => note(String(reason?.message ?? reason)));
  setInterval(check, CHECK_MS);
})();
