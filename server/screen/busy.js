/**
 * Whether the page waits for the server or for the disk of this device. The page says so of itself, for whoever does not see it and
 * for whatever drives it.
 */

let waiting = 0;

/** @template T @param {Promise<T>} work @returns {Promise<T>} the same */
export function whileBusy(work) {
  waiting += 1;
  show();
  const end = () => {
    waiting -= 1;
    show();
  };
  work.then(end, end);
  return work;
}

function show() {
  document.querySelector("main")?.setAttribute("aria-busy", String(0 < waiting));
}
