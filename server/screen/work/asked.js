/**
 * What the screens for work ask the server, with the shapes of its answers.
 *
 * Identifiers are percent-encoded here, and nowhere else.
 */

import { request } from "../shell.js";

/** @typedef {{gtin: string, number: string}} LotName */

/**
 * @typedef {object} Inspection
 * @property {string} id
 * @property {string} level
 * @property {string} status
 * @property {string} seal
 * @property {string | null} parent
 * @property {string} root
 * @property {number} depth
 * @property {number} children
 * @property {number} units
 * @property {string | null} lot the number of its lot
 * @property {string | null} expiry
 * @property {boolean} away
 * @property {string | null} held_by
 * @property {boolean} lot_on_hold
 * @property {{id: string, level: string}[]} around the outermost first
 */

/**
 * @typedef {object} Change
 * @property {string} what
 * @property {string | null} [parent]
 * @property {string[]} [objects]
 * @property {string | null} [now]
 * @property {LotName} [lot]
 */

/**
 * @typedef {object} Fact
 * @property {number} fact
 * @property {string} time
 * @property {string} recorded_at
 * @property {string} operation
 * @property {string} actor
 * @property {string | null} [role]
 * @property {string | null} [station]
 * @property {string | null} [entry]
 * @property {string | null} [reason]
 * @property {string | null} [note]
 * @property {boolean} [via_container] whether it came about through a container around it
 * @property {Change[]} changes
 */

/** @typedef {Fact & {object: string, via_container: boolean}} Entry */
/** @typedef {Fact & {undo: {possible: boolean, why_not: Why | null}}} Action */
/** @typedef {{code: string, sentence: string, remedy: string}} Why */

/**
 * @typedef {object} Reading
 * @property {string} kind
 * @property {string | null} [id]
 * @property {string | null} [command]
 * @property {Why[]} warnings
 * @property {string[]} candidates
 */

/**
 * @typedef {object} ScanAnswer
 * @property {string} text
 * @property {Reading} reading
 * @property {Inspection | null} object
 * @property {Entry | null} last
 * @property {{action: string, allowed: boolean, needs: string[], why_not: Why | null}[]} actions
 * @property {Why | null} problem
 */

/**
 * @typedef {object} Unexpected
 * @property {string} id
 * @property {"unknown" | "elsewhere" | "out_of_use"} found
 * @property {string | null} [parent]
 * @property {string | null} [root]
 * @property {string | null} [status]
 */

/**
 * @typedef {object} Reconciliation
 * @property {string[]} present
 * @property {string[]} missing
 * @property {Unexpected[]} unexpected
 * @property {string[]} repeated
 */

/**
 * @typedef {object} Lot
 * @property {string} gtin
 * @property {string} number
 * @property {string | null} expiry
 * @property {string | null} production
 * @property {string | null} best_before
 * @property {boolean} held
 * @property {Record<string, number>} counts
 */

/** @typedef {{fact: number, operation: string, time: string, until: string, reasons: string[], objects: string[]}} Parked */
/** @typedef {{user: string, name: string, roles: string[], scopes: string[], disabled: boolean}} User */
/** @typedef {{id: string, name: string, role: string, scopes: string[], disabled: boolean, made_at: string}} MachineKey */
/** @typedef {{outcome: string, fact: number, operation: string, repeated: boolean, changes: Change[]}} Done */
/** @typedef {import("../picture/layout.js").TreeNode} TreeNode */

const path = (/** @type {string} */ id) => `/v1/objects/${encodeURIComponent(id)}`;

/** @param {Record<string, string | number | null>} values */
function query(values) {
  const given = Object.entries(values)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => [name, String(value)]);
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

export const api = {
  /** @param {string} text @param {"scan" | "typed"} entry @returns {Promise<ScanAnswer>} */
  scan: (text, entry) => request("POST", "/v1/scan", { text, entry }),
  /** @param {object} asked @returns {Promise<Done>} */
  operate: (asked) => request("POST", "/v1/operations", asked),
  /** @param {object[]} requests @returns {Promise<{facts: {operation: string, changes: Change[]}[]}>} */
  preview: (requests) => request("POST", "/v1/operations/preview", { requests }),
  /** @param {string} id @param {string} at "" for now @returns {Promise<TreeNode>} */
  tree: (id, at) => request("GET", `${path(id)}/tree${query({ at })}`),
  /** @param {string} id @param {number} limit @param {number | null} before @returns {Promise<{entries: Entry[], next: number | null}>} */
  history: (id, limit, before) => request("GET", `${path(id)}/history${query({ limit, before })}`),
  /** @param {string} id @param {string[]} scanned @returns {Promise<Reconciliation>} */
  reconcile: (id, scanned) => request("POST", `${path(id)}/reconcile`, { scanned }),
  /** @param {string} cursor @returns {Promise<{lots: Lot[], next: string | null}>} */
  lots: (cursor) => request("GET", `/v1/lots${query({ cursor })}`),
  /** @param {string} gtin @param {string} number @returns {Promise<Lot>} */
  lot: (gtin, number) => request("GET", `/v1/lots/${gtin}/${encodeURIComponent(number)}`),
  /** @param {string} seal @param {string} cursor @returns {Promise<{objects: string[], next: string | null}>} */
  containers: (seal, cursor) => request("GET", `/v1/containers${query({ seal, cursor })}`),
  /** @param {string} cursor @returns {Promise<{objects: string[], next: string | null}>} */
  orphans: (cursor) => request("GET", `/v1/orphans${query({ cursor })}`),
  /** @returns {Promise<Parked[]>} */
  parked: () => request("GET", "/v1/parked"),
  /** @param {number} limit @returns {Promise<{actions: Action[]}>} */
  actions: (limit) => request("GET", `/v1/actions${query({ limit })}`),
  /** @param {number} fact @param {object} asked @returns {Promise<unknown>} */
  undo: (fact, asked) => request("POST", `/v1/facts/${fact}/undo`, asked),
  /** @returns {Promise<{facts: number}>} */
  statistics: () => request("GET", "/v1/statistics"),
  /** @param {number | null} from the number before the first fact that is wanted */
  feed: (from) => new EventSource(`/v1/feed${query({ from })}`),
  /** @returns {Promise<{printers: string[]}>} */
  printers: () => request("GET", "/v1/printers"),
  /** @param {string} id @param {{printer: string, size: string, copy?: number}} how @returns {Promise<unknown>} */
  print: (id, how) => request("POST", `/v1/labels/${encodeURIComponent(id)}/print`, how),
  /** @returns {Promise<{codes: {what: string, german: string, text: string, kind: string}[]}>} */
  demo: () => request("GET", "/v1/demo"),
  /** @returns {Promise<{users: User[]}>} */
  users: () => request("GET", "/v1/users"),
  /** @param {object} user @returns {Promise<unknown>} */
  addUser: (user) => request("POST", "/v1/users", user),
  /** @param {string} user @param {object} changes @returns {Promise<unknown>} */
  setUser: (user, changes) => request("PUT", `/v1/users/${encodeURIComponent(user)}`, changes),
  /** @param {string} user @param {string} password @returns {Promise<unknown>} */
  setPassword: (user, password) => request("POST", `/v1/users/${encodeURIComponent(user)}/password`, { password }),
  /** @returns {Promise<{keys: MachineKey[]}>} */
  keys: () => request("GET", "/v1/keys"),
  /** @param {object} key @returns {Promise<{secret: string}>} */
  addKey: (key) => request("POST", "/v1/keys", key),
  /** @param {string} id @param {object} changes @returns {Promise<unknown>} */
  setKey: (id, changes) => request("PUT", `/v1/keys/${encodeURIComponent(id)}`, changes),
  /** @returns {Promise<Record<string, unknown>>} */
  policy: () => request("GET", "/v1/policy"),
  /** @param {unknown} policy @returns {Promise<unknown>} */
  setPolicy: (policy) => request("PUT", "/v1/policy", policy),
};
