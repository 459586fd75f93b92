/** Whether the server can be reached, as far as the last request showed. */

const PROBE_MILLISECONDS = 3000;

/** @type {Set<(isOnline: boolean) => void>} */
const listeners = new Set();
let isReached = navigator.onLine;
/** @type {number | undefined} */
let probing;

/** Whether the last request reached the server. */
export function online() {
  return isReached;
}

/** @param {(isOnline: boolean) => void} listener */
export function onConnection(listener) {
  listeners.add(listener);
}

/** Says how the last request went; whoever shows it is told of a change. @param {boolean} reached */
export function noteReached(reached) {
  if (!reached) {
    probe();
  }
  if (reached !== isReached) {
    isReached = reached;
    for (const listener of listeners) {
      listener(reached);
    }
  }
}

/** Asks again and again until the server answers. */
function probe() {
  if (probing !== undefined) {
    return;
  }
  probing = window.setTimeout(async () => {
    probing = undefined;
    try {
      await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PROBE_MILLISECONDS) });
      noteReached(true);
    } catch {
      probe();
    }
  }, PROBE_MILLISECONDS);
}

window.addEventListener("offline", () => noteReached(false));
window.addEventListener("online", () => {
  window.clearTimeout(probing);
  probing = undefined;
  fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PROBE_MILLISECONDS) }).then(
    () => noteReached(true),
    () => probe(),
  );
});
if (!navigator.onLine) {
  probe();
}
