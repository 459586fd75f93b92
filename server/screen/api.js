/**
 * Talks to the server: JSON in, JSON out, and every failure as one kind of error in words.
 *
 * What changes something carries the session's CSRF token. A request that may be sent again carries a request id, made
 * before it is sent first.
 */

import { whileBusy } from "./busy.js";
import { noteReached, online } from "./connection.js";
import { spoken, t } from "./words.js";

export { online } from "./connection.js";

/** Longer than a commit ever takes, shorter than a person waits before scanning again. */
const TIMEOUT_MILLISECONDS = 10_000;
/** Faults that are spelled out; a pallet of them would fill the screen. */
const FAULTS_MAX = 3;

/**
 * @typedef {object} Fault
 * @property {string} code
 * @property {number} number
 * @property {string} reason
 * @property {string} remedy
 * @property {string | null} [object]
 * @property {string | null} [other]
 * @property {number} [request]
 */

/**
 * @typedef {object} ProblemDetails
 * @property {number} status
 * @property {string} title
 * @property {string} [detail]
 * @property {string} [code]
 * @property {string} [remedy]
 * @property {Fault[] | null} [faults]
 */

/** What the server refused or could not do. Without a connection `status` is 0. */
export class Problem extends Error {
  /** @param {ProblemDetails} details @param {number} [retryAfter] seconds */
  constructor(details, retryAfter = 0) {
    super(details.title);
    this.status = details.status;
    this.title = details.title;
    this.detail = details.detail ?? "";
    this.code = details.code ?? "";
    this.remedy = details.remedy ?? "";
    /** @type {Fault[]} */
    this.faults = details.faults ?? [];
    this.retryAfter = retryAfter;
  }

  /** What stands in the way and what to do, with the objects at fault. */
  words() {
    const { code, detail, remedy, faults } = this;
    if (faults.length === 0) {
      return spoken({ code, sentence: detail, remedy }, { n: this.retryAfter });
    }
    const more = faults.length - FAULTS_MAX;
    return faults.slice(0, FAULTS_MAX).map(faultWords).join(" ") + (more > 0 ? ` +${more}` : "");
  }
}

/** @param {Fault} fault */
function faultWords({ code, reason, remedy, object, other }) {
  const concerns = { ...(object == null ? {} : { object }), ...(other == null ? {} : { other }) };
  return spoken({ code, sentence: reason, remedy }, concerns);
}

/** A request id: the same for every attempt, so that nothing is done twice. */
export function newRequestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

let csrf = "";
/** How far the server's clock is ahead of this device's, in milliseconds. */
let clockAhead = 0;
/** @type {() => void} */
let onSignedOut = () => {};

/** @param {string} token */
export function setCsrf(token) {
  csrf = token;
}

/** @param {() => void} listener called when the server no longer knows who is asking */
export function whenSignedOut(listener) {
  onSignedOut = listener;
}

/**
 * Now, as the server's clock has it, in RFC 3339 with the offset of this place: when a scan was made that is sent later.
 */
export function eventTimeNow() {
  const local = new Date();
  const minutes = -local.getTimezoneOffset();
  const shifted = new Date(local.getTime() + clockAhead + minutes * 60_000).toISOString().slice(0, -1);
  const pad = (/** @type {number} */ value) => String(Math.trunc(value)).padStart(2, "0");
  return `${shifted}${minutes < 0 ? "-" : "+"}${pad(Math.abs(minutes) / 60)}:${pad(Math.abs(minutes) % 60)}`;
}

/**
 * Asks the server and answers with what it said. Throws a `Problem` for everything else.
 * @param {"GET" | "POST" | "PUT" | "DELETE"} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{timeout?: number, keepsSession?: boolean}} [how] `keepsSession`: a 401 is about this request, not the session
 * @returns {Promise<any>}
 */
export function request(method, path, body, how = {}) {
  return whileBusy(ask(method, path, body, how));
}

/**
 * @param {"GET" | "POST" | "PUT" | "DELETE"} method
 * @param {string} path
 * @param {unknown} body
 * @param {{timeout?: number, keepsSession?: boolean}} how
 * @returns {Promise<any>}
 */
async function ask(method, path, body, how) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json" };
  if (body !== undefined) {
    headers["content-type"] = "application/json";
  }
  if (method !== "GET" && csrf !== "") {
    headers["x-packtree-csrf"] = csrf;
  }
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(how.timeout ?? TIMEOUT_MILLISECONDS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    noteReached(false);
    throw new Problem({
      status: 0,
      code: "offline",
      title: t("offline.title"),
      detail: t("offline.detail"),
      remedy: t("offline.remedy"),
    });
  }
  noteReached(true);
  noteClock(response);
  return read(response, how.keepsSession === true);
}

/** @param {Response} response @param {boolean} keepsSession */
async function read(response, keepsSession) {
  const text = await response.text();
  /** @type {any} */
  let content = null;
  try {
    content = text === "" ? null : JSON.parse(text);
  } catch {
    content = null;
  }
  if (response.ok) {
    return content;
  }
  if (response.status === 401 && !keepsSession) {
    onSignedOut();
  }
  const details =
    content !== null && typeof content.title === "string"
      ? content
      : { title: t("offline.no_sense"), detail: `HTTP ${response.status}` };
  throw new Problem({ ...details, status: response.status }, Number(response.headers.get("retry-after") ?? 0));
}

/** @param {Response} response */
function noteClock(response) {
  const said = Date.parse(response.headers.get("date") ?? "");
  // The header has whole seconds, so that a smaller difference is none.
  const ahead = said - Date.now();
  clockAhead = Number.isNaN(said) || Math.abs(ahead) < 2000 ? 0 : ahead;
}

/** Whether an error means that the server was not reached. @param {unknown} error */
export function isOffline(error) {
  return !online() || (error instanceof Problem && error.status === 0);
}
