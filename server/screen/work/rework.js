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
 */

/**
 * A question that one scan, or several, answer.
 * @typedef {object} Step
 * @property {string} name key of the question in the lists of words, below the operation
 * @property {"one" | "many" | "fresh" | "fate"} wants
 * @property {boolean} [inside] it must sit in something
 * @property {boolean} [container] it must be able to hold others
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
      { name: "old", wants: "one", inside: true },
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
      { name: "one", wants: "one" },
      { name: "other", wants: "one" },
    ],
    operation: (a) => ({ type: "swap", one: first(a, "one"), other: first(a, "other") }),
    needsReason: never,
    confirms: false,
  },
  {
    verb: "relabel",
    steps: [
      { name: "old", wants: "one" },
      { name: "new", wants: "fresh" },
    ],
    operation: (a) => ({ type: "relabel", old: first(a, "old"), new: first(a, "new") }),
    needsReason: never,
    confirms: false,
  },
  {
    verb: "move",
    steps: [
      { name: "children", wants: "many" },
      { name: "into", wants: "one", container: true },
    ],
    operation: (a) => ({ type: "move", children: all(a, "children"), into: first(a, "into") }),
    needsReason: never,
    confirms: false,
  },
  {
    verb: "merge",
    steps: [
      { name: "from", wants: "one", container: true },
      { name: "into", wants: "one", container: true },
    ],
    operation: (a) => ({ type: "merge", from: first(a, "from"), into: first(a, "into") }),
    needsReason: never,
    confirms: false,
  },
  {
    verb: "split",
    steps: [
      { name: "children", wants: "many", inside: true },
      { name: "into", wants: "fresh" },
    ],
    operation: (a) => ({ type: "split", from: first(a, "from"), children: all(a, "children"), into: first(a, "into") }),
    needsReason: never,
    confirms: false,
  },
  {
    verb: "reset",
    steps: [
      { name: "container", wants: "one", container: true },
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

/** What becomes of an object that is replaced, the usual first. */
export const FATES = ["rejected", "loose", "sampled", "destroyed"];

/**
 * Why a scan does not fit, as a key in the lists of words.
 * @typedef {"unknown" | "used" | "not_inside" | "not_container" | "same" | "twice" | "other_parent"} Misfit
 */

/**
 * Where a scan leads: to answers with the next step, or nowhere and why.
 * @typedef {{kind: "fits", answers: Answers, step: number} | {kind: "misfit", why: Misfit}} Taken
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
  const why = misfit(recipe, answers, step, scanned);
  if (why !== null) {
    return { kind: "misfit", why };
  }
  const given = { ...answers, [step.name]: [...all(answers, step.name), scanned.id] };
  if (recipe.verb === "split" && step.name === "children" && scanned.parent !== null) {
    given["from"] = [scanned.parent];
  }
  return { kind: "fits", answers: given, step: step.wants === "many" ? at : at + 1 };
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
