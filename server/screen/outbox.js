/**
 * What was scanned without a connection: kept on the device, shown as not sent, and sent once each, in the order in
 * which it was scanned.
 *
 * Every entry has the request id and the time of its scan. If an answer was lost, the same request id is sent again and
 * the server says that it knows it.
 * An entry is sent in the name of the person who scanned it, and waits for them when somebody else is signed in.
 */

import { Problem, eventTimeNow, newRequestId, request } from "./api.js";
import { onConnection, online } from "./connection.js";
import { me, onSession } from "./session.js";
import { storeIn } from "./store.js";
import { spoken, t } from "./words.js";

/**
 * @typedef {object} Collected
 * @property {string} request_id
 * @property {number} order
 * @property {string} event_time
 * @property {string} user
 * @property {"unpack" | "observe"} type what is recorded of the object that was scanned
 * @property {string} text as it was scanned
 * @property {"scan" | "typed"} entry
 * @property {string | null} refused why the server did not take it
 */

const store = storeIn({ database: "packtree", name: "collected", key: "request_id" });
const RETRY_SECONDS = 5;

/** @type {Set<(entries: Collected[]) => void>} */
const listeners = new Set();
/** @type {Collected[]} */
let entries = [];
let isSending = false;
/** @type {number | undefined} */
let retry;

/** Changes the store, and tells everybody. @param {(store: IDBObjectStore) => void} change */
async function write(change) {
  await store.write(change);
  await reload();
}

async function reload() {
  /** @type {Collected[]} */
  const kept = await store.read((store) => store.getAll());
  entries = kept.sort((one, other) => one.order - other.order);
  for (const listener of listeners) {
    listener(entries);
  }
}

/** @param {(entries: Collected[]) => void} listener */
export function onOutbox(listener) {
  listeners.add(listener);
  listener(entries);
  return () => listeners.delete(listener);
}

/** What waits to be sent, and what was refused. */
export function collected() {
  return entries;
}

/**
 * Keeps a scan until it can be sent.
 * @param {Collected["type"]} type
 * @param {string} text
 * @param {"scan" | "typed"} entry
 * @param {string} [requestId] of the attempt that got no answer, so that it is not done twice
 */
export async function collect(type, text, entry, requestId = newRequestId()) {
  /** @type {Collected} */
  const one = {
    request_id: requestId,
    order: Date.now(),
    event_time: eventTimeNow(),
    user: me()?.user ?? "",
    type,
    text,
    entry,
    refused: null,
  };
  await write((store) => store.put(one));
  if (online()) {
    plan();
  }
  return one.request_id;
}

/** Removes an entry: it was taken back before it was sent, or its refusal was read. @param {string} requestId */
export async function forget(requestId) {
  await write((store) => store.delete(requestId));
}

/** Reads what was kept, and sends it whenever the server and the person are there. */
export async function startOutbox() {
  // A browser that keeps nothing still works while there is a connection.
  await reload().catch(() => undefined);
  onConnection((isOnline) => isOnline && void send());
  onSession(() => void send());
}

function plan() {
  window.clearTimeout(retry);
  retry = window.setTimeout(() => void send(), RETRY_SECONDS * 1000);
}

/** Sends what waits, one after the other. */
export async function send() {
  if (isSending || !online() || me() === null) {
    return;
  }
  isSending = true;
  try {
    // Two windows of the same device share the store; one of them sends.
    await navigator.locks.request("packtree-outbox", async () => {
      await reload();
      for (const one of entries.filter((entry) => entry.refused === null && entry.user === me()?.user)) {
        if (!(await sendOne(one))) {
          plan();
          return;
        }
      }
    });
  } finally {
    isSending = false;
  }
}

/** @param {Collected} one @returns {Promise<boolean>} false if the server could not be asked */
async function sendOne(one) {
  try {
    const read = await request("POST", "/v1/scan", { text: one.text, entry: one.entry });
    if (read.object === null) {
      const { problem } = read;
      await refuse(one, problem === null ? t("outbox.no_object") : spoken(problem));
      return true;
    }
    const operation =
      one.type === "unpack"
        ? { type: "unpack", children: [read.object.id] }
        : { type: "observe", objects: [read.object.id] };
    await request("POST", "/v1/operations", {
      request_id: one.request_id,
      event_time: one.event_time,
      entry: one.entry,
      operation,
    });
    await forget(one.request_id);
    return true;
  } catch (error) {
    if (
      !(error instanceof Problem) ||
      error.status === 0 ||
      error.status === 401 ||
      error.status === 429 ||
      500 <= error.status
    ) {
      return false;
    }
    await refuse(one, error.words());
    return true;
  }
}

/** @param {Collected} one @param {string} why */
async function refuse(one, why) {
  await write((store) => store.put({ ...one, refused: why }));
}
