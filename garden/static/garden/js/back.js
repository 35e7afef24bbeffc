/** A page that could not be opened loads again by itself, since a kiosk is unattended. */

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 20000;

let wait = FIRST_WAIT_MS;
while (!(await isBack())) {
  await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())));
  wait = Math.min(wait * 1.5, LONGEST_WAIT_MS);
}
location.reload();

/** Whether this very address answers otherwise now. */
async function isBack() {
  try {
    const { status } = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    return status < 500;
  } catch {
    return false;
  }
}
