/** A wall never sleeps, and fills its screen after the first touch or F. Escape leaves, as everywhere. */

export function stayAwake() {
  void lock();
  document.addEventListener("visibilitychange", lock);
  addEventListener("pointerup", fill);
  addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
    if (key.toLowerCase() === "f" && !ctrlKey && !metaKey && !altKey) toggle();
  });
  addEventListener("contextmenu", (event) => event.preventDefault());
}

async function lock() {
  if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
  try {
    const held = await navigator.wakeLock.request("screen");
    held.addEventListener("release", lock, { once: true });
  } catch {
    // A low battery, or a policy: the next change of visibility asks again.
  }
}

function toggle() {
  if (document.fullscreenElement) void document.exitFullscreen();
  else fill();
}

function fill() {
  if (!document.fullscreenElement) void document.documentElement.requestFullscreen?.().catch(() => {});
}
