/**
 * What is done to objects one by one or together, without a second object: hold, sample, close, ship and the like.
 *
 * Pure: what each needs, and the operation that comes of it.
 */

/**
 * @typedef {object} Deed
 * @property {string} action as the server names it among the actions of an object
 * @property {boolean} reason
 * @property {boolean} signs
 * @property {"hold" | "press" | "none"} confirms held down for what cannot be undone, pressed for what is far-reaching
 * @property {"lot" | "contents" | "trust" | null} choice
 * @property {(ids: string[], choice: string) => Record<string, unknown>} operation
 */

/**
 * @param {string} type
 * @param {"objects" | "containers" | "roots"} member
 * @returns {Deed["operation"]}
 */
function over(type, member) {
  return (ids) => ({ type, [member]: ids });
}

/** @type {readonly Deed[]} */
export const DEEDS = [
  { action: "hold", reason: true, signs: false, confirms: "none", choice: "lot", operation: over("hold", "objects") },
  {
    action: "release",
    reason: true,
    signs: false,
    confirms: "press",
    choice: "lot",
    operation: over("release", "objects"),
  },
  {
    action: "sample",
    reason: true,
    signs: false,
    confirms: "press",
    choice: null,
    operation: over("sample", "objects"),
  },
  {
    action: "reject",
    reason: true,
    signs: false,
    confirms: "press",
    choice: null,
    operation: over("reject", "objects"),
  },
  {
    action: "destroy",
    reason: true,
    signs: true,
    confirms: "hold",
    choice: null,
    operation: over("destroy", "objects"),
  },
  {
    action: "decommission",
    reason: true,
    signs: false,
    confirms: "hold",
    choice: "contents",
    operation: (ids, choice) => ({ type: "decommission", objects: ids, contents: choice }),
  },
  {
    action: "close",
    reason: false,
    signs: false,
    confirms: "none",
    choice: null,
    operation: over("close", "containers"),
  },
  {
    action: "close_partial",
    reason: true,
    signs: true,
    confirms: "none",
    choice: null,
    operation: (ids) => ({ type: "close", containers: ids, partial: true }),
  },
  {
    action: "reopen",
    reason: true,
    signs: true,
    confirms: "none",
    choice: null,
    operation: over("reopen", "containers"),
  },
  { action: "ship", reason: false, signs: false, confirms: "press", choice: null, operation: over("ship", "roots") },
  {
    action: "void_ship",
    reason: true,
    signs: true,
    confirms: "press",
    choice: null,
    operation: over("void_ship", "roots"),
  },
  {
    action: "receive",
    reason: false,
    signs: false,
    confirms: "none",
    choice: "trust",
    operation: (ids, choice) => ({ type: "receive", roots: ids, trust: choice }),
  },
  {
    action: "return",
    reason: false,
    signs: false,
    confirms: "none",
    choice: null,
    operation: over("return", "objects"),
  },
];

/** @param {string} action */
export function deedOf(action) {
  return DEEDS.find((deed) => deed.action === action);
}

/** The words of each choice, the usual first. @type {Record<"contents" | "trust" | "lot", readonly string[]>} */
export const CHOICES = {
  lot: ["objects", "lot"],
  contents: ["stay_active", "too"],
  trust: ["inferred", "verified"],
};
