/**
 * The screen that is shown follows the address: `#/rework/swap?id=...` is the screen `rework`, its path `["swap"]` and
 * its query.
 */

import { Screen } from "./screen.js";
import { t } from "./words.js";

/** @type {Map<string, new () => Screen>} */
const screens = new Map();
/** @type {Screen | null} */
let current = null;
/** The address at which it was shown. */
let shownAt = "";
/** Shown instead of what the address says, such as the sign-in. @type {string | null} */
let inFront = null;

/**
 * Makes a screen known under the first part of its address.
 * @param {string} name
 * @param {new () => Screen} screen
 */
export function register(name, screen) {
  customElements.define(`packtree-${name}`, screen);
  screens.set(name, screen);
}

/** The screen that scans and commands go to. */
export function currentScreen() {
  return current;
}

/** Shows an address at once: the next scan, however fast, goes to its screen. @param {string} address such as `#/object?id=...` */
export function go(address) {
  if (location.hash !== address) {
    location.hash = address;
  }
  showAddress();
}

/** As `go`, in place of this page: going back must not lead to it. @param {string} address */
export function goInPlace(address) {
  history.replaceState(null, "", address);
  showAddress();
}

/** The address of the card of an object. @param {string} id */
export function addressOf(id) {
  return `#/object?id=${encodeURIComponent(id)}`;
}

/** Shows a screen in front of whatever the address says; null shows that again. @param {string | null} name */
export function showInFront(name) {
  inFront = name;
  showAddress();
}

/** What is in front, or null. */
export function whatIsInFront() {
  return inFront;
}

/** Begins to follow the address, which is shown first once it is known who is signed in. */
export function startRouter() {
  window.addEventListener("hashchange", () => {
    // The browser tells it later what was shown already.
    if (location.hash !== shownAt) {
      showAddress();
    }
  });
}

/** Shows what the address says. */
export function showAddress() {
  const [address = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const [name = "", ...path] = address.split("/").map(decode);
  const Wanted = screens.get(inFront ?? (name === "" ? "home" : name)) ?? screens.get("home");
  const main = document.querySelector("main");
  if (Wanted === undefined || main === null) {
    return;
  }
  if (inFront === null && location.hash !== shownAt) {
    current?.leave();
  }
  current?.stop();
  shownAt = location.hash;
  document.querySelector("dialog[open]")?.dispatchEvent(new Event("leave"));
  const screen = new Wanted();
  screen.path = path;
  screen.query = new URLSearchParams(query);
  screen.classList.add("screen");
  screen.dataset["name"] = inFront ?? (name === "" ? "home" : name);
  current = screen;
  main.replaceChildren(screen);
  window.scrollTo(0, 0);
  void Promise.resolve(screen.start()).then(() => nameThePage(screen));
}

/** @param {Screen} screen */
function nameThePage(screen) {
  const title = screen.querySelector("h1")?.textContent;
  document.title = title == null || title === "" ? "Packtree" : `${title} - Packtree`;
  // A new page begins at its beginning for those who use the keyboard or hear the page.
  if (document.activeElement === null || document.activeElement === document.body) {
    const heading = screen.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }
}

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return t("router.unreadable");
  }
}
