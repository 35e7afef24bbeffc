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
