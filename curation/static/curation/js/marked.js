/** Marked pictures of this tab: the review page writes them, the batch page reads them. */

/** @param {number} user */
const nameOf = (user) => `curation.marked.${user}`;

/** Ids, newest first. @param {number} user @returns {number[]} */
export function markedBy(user) {
  return JSON.parse(sessionStorage.getItem(nameOf(user)) ?? "[]");
}

/** @param {number} user @param {Iterable<number>} ids */
export function keepMarked(user, ids) {
  const newestFirst = [...ids].sort((one, other) => other - one);
  try {
    sessionStorage.setItem(nameOf(user), JSON.stringify(newestFirst));
  } catch {
    // Without room they last as long as the page.
  }
}
