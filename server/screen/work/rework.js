/**
 * Rework as scans: which scans an operation needs, what each scan means, and the operation that comes of them.
 *
 * Pure. As few scans as the physical act has steps: whoever takes a case off one pallet and puts it on another scans the case and the
 * pallet. What a scan means follows from what it is wherever that is clear: a container of a higher level than what was collected is where
 * it goes, and a code that was never used is a new label.
 */

/**
 * What is known of a scanned object.
 * @typedef {object} Scanned
 * @property {string} id
 * @property {boolean} exists
 * @property {string} level
 * @property {string | null} parent
 * @property {number} children
 * @property {{action: string, why_not: Why | null}[]} [actions] what the rules say of it alone
 */

/** @typedef {import("./asked.js").Why} Why */

/**
 * A question that one scan, or several, answer.
 * @typedef {object} Step
 * @property {string} name key of the question in the lists of words, below the operation
 * @property {"one" | "many" | "fresh" | "fate"} wants
 * @property {boolean} [inside] it must sit in something
 * @property {boolean} [container] it must be able to hold others
 * @property {string} [action] the action that the rules must allow for it alone
 */

/** @typedef {Record<string, string[]>} Answers */

/**
 * @typedef {object} Recipe
 * @property {string} verb
 * @property {readonly Step[]} steps
 * @property {(answers: Answers) => Record<string, unknown>} operation
 * @property {(answers: Answers) => boolean} needsReason
 * @property {boolean} confirms whether the consequences are shown first
 */

const LEVELS = ["unit", "bundle", "case", "tote", "pallet"];

const never = () => false;
const first = (/** @type {Answers} */ answers, /** @type {string} */ name) => answers[name]?.[0] ?? "";
const all = (/** @type {Answers} */ answers, /** @type {string} */ name) => answers[name] ?? [];

/** @type {readonly Recipe[]} */
export const RECIPES = [
  {
    verb: "replace",
    steps: [
      { name: "old", wants: "one", inside: true, action: "replace" },
      { name: "fate", wants: "fate" },
      { name: "new", wants: "one" },
    ],
    operation: (a) => ({ type: "replace", old: first(a, "old"), new: first(a, "new"), fate: first(a, "fate") }),
    needsReason: (a) => first(a, "fate") !== "loose",
    confirms: false,
  },
  {
    verb: "swap",
    steps: [
      { name: "one", wants: "one", action: "swap" },
      { name: "other", wants: "one", action: "swap" },
    ],
    operation: (a) => ({ type: "swap", one: first(a, "one"), other: first(a, "other") }),
    needsReason: never,
    confirms: false,
  },
  {
    verb: "relabel",
    steps: [
      { name: "old", wants: "one", action: "relabel" },
      { name: "new", wants: "fresh" },
    ],
    operation: (a) => ({ type: "relabel", old: first(a, "old"), new: first(a, "new") }),
    needsReason: never,
    confirms: false,
  },
  {
    verb: "move",
    steps: [
      { name: "children", wants: "many", action: "move" },
      { name: "into", wants: "one", container: true },
    ],
    operation: (a) => ({ type: "move", children: all(a, "children"), into: first(a, "into") }),
    needsReason: never,
    confirms: false,
  },
  {
    verb: "merge",
    steps: [
      { name: "from", wants: "one", container: true, action: "merge" },
      { name: "into", wants: "one", container: true },
    ],
    operation: (a) => ({ type: "merge", from: first(a, "from"), into: first(a, "into") }),
    needsReason: never,
    confirms: false,
  },
  {
    verb: "split",
    steps: [
      { name: "children", wants: "many", inside: true, action: "take_out" },
      { name: "into", wants: "fresh" },
    ],
    operation: (a) => ({ type: "split", from: first(a, "from"), children: all(a, "children"), into: first(a, "into") }),
    needsReason: never,
    confirms: false,
  },
  {
    verb: "reset",
    steps: [
      { name: "container", wants: "one", container: true, action: "reset" },
      { name: "children", wants: "many" },
    ],
    operation: (a) => ({ type: "reset", container: first(a, "container"), children: all(a, "children") }),
    needsReason: never,
    confirms: true,
  },
];

/** @param {string} verb */
export function recipeOf(verb) {
  return RECIPES.find((recipe) => recipe.verb === verb);
}

/**
 * Whether half of it is worth keeping: a list is, and what goes on where nobody expects it is not. Whoever finds a swap
 * half done would take the first scan for the second.
 * @param {Recipe} recipe
 */
export function goesOn(recipe) {
  return recipe.steps.some(({ wants }) => wants === "many");
}

/** What becomes of an object that is replaced, the usual first. */
export const FATES = ["rejected", "loose", "sampled", "destroyed"];

/**
 * Why a scan does not fit, as a key in the lists of words.
 * @typedef {"unknown" | "used" | "not_inside" | "not_container" | "same" | "twice" | "other_parent"} Misfit
 */

/**
 * Where a scan leads: to answers with the next step, or nowhere and why, by what was scanned before or by the rules.
 * @typedef {{kind: "fits", answers: Answers, step: number} | {kind: "misfit", why: Misfit} | {kind: "barred", why: Why}} Taken
 */

/**
 * Takes a scan as the answer to a step.
 * @param {Recipe} recipe
 * @param {Answers} answers
 * @param {number} at the step that is asked
 * @param {Scanned} scanned
 * @param {string} level the level of what was collected, "" when nothing was
 * @returns {Taken}
 */
export function take(recipe, answers, at, scanned, level) {
  const step = recipe.steps[at];
  const next = recipe.steps[at + 1];
  if (step === undefined) {
    return { kind: "misfit", why: "twice" };
  }
  if (
    step.wants === "many" &&
    next !== undefined &&
    all(answers, step.name).length > 0 &&
    isNext(next, scanned, level)
  ) {
    return take(recipe, answers, at + 1, scanned, level);
  }
  if (isSource(recipe, answers, step, scanned)) {
    const barred = barredBy(scanned, recipe.verb);
    return barred ?? { kind: "fits", answers: { ...answers, from: [scanned.id] }, step: at };
  }
  const why = misfit(recipe, answers, step, scanned);
  if (why !== null) {
    return { kind: "misfit", why };
  }
  const barred = step.action === undefined ? null : barredBy(scanned, step.action);
  if (barred !== null) {
    return barred;
  }
  const given = { ...answers, [step.name]: [...all(answers, step.name), scanned.id] };
  if (recipe.verb === "split" && step.name === "children" && scanned.parent !== null) {
    given["from"] = [scanned.parent];
  }
  return { kind: "fits", answers: given, step: step.wants === "many" ? at : at + 1 };
}

/**
 * Whether a scan names what a part is split off: it stands in nothing itself, so that it cannot be the part.
 * @param {Recipe} recipe
 * @param {Answers} answers
 * @param {Step} step
 * @param {Scanned} scanned
 */
function isSource(recipe, answers, step, scanned) {
  return (
    recipe.verb === "split" &&
    step.name === "children" &&
    first(answers, "from") === "" &&
    scanned.exists &&
    scanned.parent === null &&
    scanned.level !== "unit"
  );
}

/** @param {Scanned} scanned @param {string} action @returns {{kind: "barred", why: Why} | null} */
function barredBy({ actions = [] }, action) {
  const why = actions.find((one) => one.action === action)?.why_not ?? null;
  return why === null ? null : { kind: "barred", why };
}

/** @param {Step} next @param {Scanned} scanned @param {string} level */
function isNext(next, scanned, level) {
  if (next.wants === "fresh") {
    return !scanned.exists;
  }
  return scanned.exists && LEVELS.indexOf(level) < LEVELS.indexOf(scanned.level);
}

/**
 * @param {Recipe} recipe
 * @param {Answers} answers
 * @param {Step} step
 * @param {Scanned} scanned
 * @returns {Misfit | null}
 */
function misfit(recipe, answers, step, scanned) {
  if (Object.entries(answers).some(([name, ids]) => name !== "from" && ids.includes(scanned.id))) {
    return step.wants === "many" ? "twice" : "same";
  }
  if (step.wants === "fresh") {
    return scanned.exists ? "used" : null;
  }
  if (!scanned.exists) {
    return "unknown";
  }
  if (step.inside === true && scanned.parent === null) {
    return "not_inside";
  }
  if (step.container === true && scanned.level === "unit") {
    return "not_container";
  }
  const from = first(answers, "from");
  return recipe.verb === "split" && from !== "" && step.name === "children" && scanned.parent !== from
    ? "other_parent"
    : null;
}
