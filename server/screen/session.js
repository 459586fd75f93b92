/** Who is signed in, what they may do, and the lock when nobody has touched the screen for a while. */

import { request, setCsrf, whenSignedOut } from "./api.js";
import { showInFront } from "./router.js";

/**
 * @typedef {object} Me
 * @property {string} user
 * @property {string} name
 * @property {string[]} roles
 * @property {string} role
 * @property {string[]} scopes
 * @property {string} [csrf]
 * @property {number} [idle_minutes]
 * @property {string} [expires_at]
 * @property {string[]} may
 */

const STORED_USER = "packtree.user";
/** Who works in this window: it outlives a reload, and another window has its own. */
const WINDOW_USER = "packtree.window-user";
const IDLE_CHECK_MILLISECONDS = 15_000;

/** @type {Me | null} */
let signedIn = null;
let touchedAt = Date.now();
/** Why the sign-in is shown: nothing yet, the lock, or the server's word. @type {"" | "locked" | "ended"} */
let why = "";
/** @type {Set<() => void>} */
const listeners = new Set();

/** The person who is signed in, or null. */
export function me() {
  return signedIn;
}

/**
 * Whether the person may do something: the word of an operation, `close_partial`, `import`, `administer`, `read`.
 * @param {string} permission
 */
export function may(permission) {
  return signedIn !== null && signedIn.may.includes(permission);
}

/** Who was signed in on this device last. */
export function lastUser() {
  return localStorage.getItem(STORED_USER) ?? "";
}

/** Why the sign-in is shown. */
export function whySignedOut() {
  return why;
}

/** @param {() => void} listener called when somebody signed in or out */
export function onSession(listener) {
  listeners.add(listener);
}

/** @param {Me | null} who */
function become(who) {
  signedIn = who;
  setCsrf(who?.csrf ?? "");
  touchedAt = Date.now();
  if (who !== null) {
    const before = sessionStorage.getItem(WINDOW_USER);
    if (before !== null && before !== who.user) {
      // Where somebody else was is theirs: the address says what they had in hand.
      history.replaceState(null, "", "#/");
    }
    sessionStorage.setItem(WINDOW_USER, who.user);
    localStorage.setItem(STORED_USER, who.user);
    sessionStorage.setItem("packtree.me", JSON.stringify(who));
    why = "";
  } else {
    sessionStorage.removeItem("packtree.me");
  }
  showInFront(who === null ? "sign-in" : null);
  for (const listener of listeners) {
    listener();
  }
}

/**
 * Finds out who is signed in. Without a connection it is who was when the page was left, so that scans can be collected.
 */
export async function resume() {
  whenSignedOut(() => {
    if (signedIn !== null) {
      why = "ended";
      become(null);
    }
  });
  window.setInterval(lockWhenIdle, IDLE_CHECK_MILLISECONDS);
  for (const name of ["keydown", "pointerdown"]) {
    window.addEventListener(
      name,
      () => {
        touchedAt = Date.now();
      },
      { capture: true, passive: true },
    );
  }
  try {
    become(await request("GET", "/v1/me", undefined, { keepsSession: true }));
  } catch (error) {
    const stored = sessionStorage.getItem("packtree.me");
    const isUnreached = error instanceof Error && "status" in error && error.status === 0;
    become(isUnreached && stored !== null ? JSON.parse(stored) : null);
  }
}

/** @param {string} user @param {string} password */
export async function signIn(user, password) {
  become(await request("POST", "/v1/session", { user, password }, { keepsSession: true }));
}

/**
 * Makes the first administrator, who is signed in then.
 * @param {string} token
 * @param {string} user
 * @param {string} password
 */
export async function setUp(token, user, password) {
  become(await request("POST", "/v1/setup", { token, user, password }, { keepsSession: true }));
}

/** Ends the session here and on the server. @param {"" | "locked"} [because] */
export async function signOut(because = "") {
  try {
    await request("DELETE", "/v1/session", undefined, { keepsSession: true });
  } catch {
    // Without a connection the server ends it by its own clock.
  }
  why = because;
  become(null);
}

function lockWhenIdle() {
  const minutes = signedIn?.idle_minutes ?? 0;
  if (0 < minutes && minutes * 60_000 <= Date.now() - touchedAt) {
    void signOut("locked");
  }
}
