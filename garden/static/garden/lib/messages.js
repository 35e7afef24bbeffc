/** Sentences that scripts of several staff pages say. */

import { ApiError } from "./http.js";
import { gettext } from "./i18n.js";

/**
 * Why a request failed, and what to do; the server's own sentence where it has one.
 * @param {unknown} error anything but an ApiError is thrown on: it is a fault of the page
 */
export function errorMessage(error) {
  if (!(error instanceof ApiError)) throw error;
  const { status, detail } = error;
  if (status === 0) return gettext("No response from the server. Please check the connection.");
  if (status === 401) return gettext("You are signed out. Sign in again in another tab, then try once more.");
  if (status === 403) return gettext("You may view this, but not change it.");
  return gettext("It failed: {why}", { why: detail || `HTTP ${status}` });
}

/** Rounded: `8 s`, `3 min`, `2 h 10 min`. @param {number} seconds */
export function formatDuration(seconds) {
  if (seconds < 90) return gettext("{n} s", { n: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return gettext("{n} min", { n: minutes });
  return gettext("{n} h {m} min", { n: Math.floor(minutes / 60), m: minutes % 60 });
}
