/** What a page says of a request that failed. */

import { ApiError } from "../../garden/lib/http.js";
import { gettext } from "../../garden/lib/i18n.js";
import { showStatus } from "../../garden/lib/status.js";

/** Says why a request failed. @param {unknown} error anything but an ApiError is thrown on: it is a fault of the page */
export function showError(error) {
  if (!(error instanceof ApiError)) throw error;
  showStatus(errorMessage(error), "error");
}

/** What to do about it; the server's own sentence where it has one. @param {ApiError} error */
function errorMessage({ status, detail }) {
  if (status === 0) return gettext("No response from the server. Please check the connection.");
  if (status === 401) return gettext("You are signed out. Sign in again in another tab, then try once more.");
  if (status === 403) return gettext("You may view this, but not change it.");
  return detail || gettext("It failed: {why}", { why: `HTTP ${status}` });
}
