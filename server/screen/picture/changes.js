/**
 * What changed between two trees of the same container, and one tree that shows both.
 *
 * Pure. What went out is kept in the drawing as a ghost at its old place, because a gap says nothing.
 */

/** @typedef {import("./layout.js").TreeNode} TreeNode */

/** What became of an object between two moments. @typedef {"same" | "came_in" | "went_out" | "moved" | "changed"} Change */

/**
 * One tree with everything that was in either, and what became of each.
 * @typedef {object} Compared
 * @property {TreeNode} tree
 * @property {Map<string, Change>} changes
 * @property {Record<Exclude<Change, "same">, number>} counts
 */

/**
 * Compares two trees. Without an earlier one, or without a later one, everything came in or went out.
 * @param {TreeNode | null} before
 * @param {TreeNode | null} after
 * @returns {Compared | null}
 */
export function compare(before, after) {
  const root = after ?? before;
  if (root === null) {
    return null;
  }
  const was = places(before);
  const is = places(after);
  /** @type {Map<string, Change>} */
  const changes = new Map();
  const counts = { came_in: 0, went_out: 0, moved: 0, changed: 0 };
  for (const id of new Set([...was.keys(), ...is.keys()])) {
    const change = changeOf(was.get(id), is.get(id));
    changes.set(id, change);
    if (change !== "same") {
      counts[change] += 1;
    }
  }
  return { tree: withGhosts(root, was, is), changes, counts };
}

/**
 * Each object with the container that it is in.
 * @param {TreeNode | null} tree
 * @returns {Map<string, {node: TreeNode, parent: string | null}>}
 */
function places(tree) {
  /** @type {Map<string, {node: TreeNode, parent: string | null}>} */
  const found = new Map();
  /** @type {{node: TreeNode, parent: string | null}[]} */
  const waiting = tree === null ? [] : [{ node: tree, parent: null }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.set(next.node.id, next);
    for (const child of next.node.children) {
      waiting.push({ node: child, parent: next.node.id });
    }
  }
  return found;
}

/**
 * @param {{node: TreeNode, parent: string | null} | undefined} was
 * @param {{node: TreeNode, parent: string | null} | undefined} is
 * @returns {Change}
 */
function changeOf(was, is) {
  if (was === undefined) {
    return "came_in";
  }
  if (is === undefined) {
    return "went_out";
  }
  if (was.parent !== is.parent) {
    return "moved";
  }
  const stateOf = (/** @type {TreeNode} */ node) => [node.level, node.status, node.seal, node.held === true, node.away === true].join();
  return stateOf(was.node) === stateOf(is.node) ? "same" : "changed";
}

/**
 * A copy of the later tree in which what went out stands where it was, behind what is there.
 * @param {TreeNode} node
 * @param {Map<string, {node: TreeNode, parent: string | null}>} was
 * @param {Map<string, {node: TreeNode, parent: string | null}>} is
 * @returns {TreeNode}
 */
function withGhosts(node, was, is) {
  if (!is.has(node.id)) {
    // A ghost shows what went with it; what is elsewhere in the tree now is shown there.
    const gone = node.children.filter((child) => !is.has(child.id));
    return { ...node, children: gone.map((child) => withGhosts(child, was, is)) };
  }
  const here = node.children.map((child) => withGhosts(child, was, is));
  const gone = (was.get(node.id)?.node.children ?? []).filter((child) => !is.has(child.id));
  return { ...node, children: [...here, ...gone.map((child) => withGhosts(child, was, is))] };
}
