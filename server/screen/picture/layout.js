/**
 * Where each object of a tree is drawn: containers as boxes, what they hold as tiles inside.
 *
 * Pure: a tree and a width in, places out. A container that is closed up is one tile; one that is spread out takes a whole row, with its
 * own tiles inside, because a person reads a pallet as boxes that stand in rows and not as a diagram of lines.
 */

/**
 * One object of a tree, as the server tells it.
 * @typedef {object} TreeNode
 * @property {string} id
 * @property {string} level
 * @property {string} status
 * @property {string} seal
 * @property {{gtin?: string, number: string} | string | null} [lot]
 * @property {string | null} [expiry]
 * @property {boolean} [held] left out where it is not
 * @property {boolean} [away] left out where it is not
 * @property {TreeNode[]} children
 * @property {{class: string, quantity?: string | number | null, uom?: string | null}[]} [quantities]
 */

/**
 * One thing to draw. A `more` stands for the children that are not drawn.
 * @typedef {object} Place
 * @property {"box" | "tile" | "dot" | "more"} shape
 * @property {TreeNode} node
 * @property {number} depth
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {number} hidden how many children a `more` stands for
 */

/** The measures of the drawing, in the units of its `viewBox`, which are pixels. */
export const MEASURES = {
  /** Around the drawing, and between a box and what is in it. */
  edge: 12,
  gap: 8,
  /** The line of a box that names it. */
  header: 48,
  /** A container that is closed up: wide enough for six digits that read from an arm's length, high enough for a glove. */
  tileWidth: 112,
  tileHeight: 72,
  /** A unit. */
  dotWidth: 88,
  dotHeight: 40,
  /** More would make the page slow and be read by nobody; the list has them all. */
  childrenDrawn: 240,
};

/**
 * Lays out a tree in a given width.
 * @param {TreeNode} tree
 * @param {number} width
 * @param {(id: string) => boolean} isSpread whether a container shows what is in it
 * @returns {{places: Place[], width: number, height: number}}
 */
export function layOut(tree, width, isSpread) {
  /** @type {Place[]} */
  const places = [];
  const bottom = placeBox(places, tree, 0, 0, 0, width, isSpread);
  return { places, width, height: bottom };
}

/**
 * Places a container as a box, and what is in it. Answers where it ends.
 * @param {Place[]} places
 * @param {TreeNode} node
 * @param {number} depth
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {(id: string) => boolean} isSpread
 * @returns {number}
 */
function placeBox(places, node, depth, x, y, width, isSpread) {
  const { edge, gap, header } = MEASURES;
  const box = place("box", node, depth, x, y, width, header);
  places.push(box);
  const inner = { left: x + edge, right: x + width - edge };
  let across = inner.left;
  let down = y + header + gap;
  let rowHeight = 0;
  const drawn = node.children.slice(0, MEASURES.childrenDrawn);
  const endRow = () => {
    down += rowHeight === 0 ? 0 : rowHeight + gap;
    across = inner.left;
    rowHeight = 0;
  };
  for (const child of drawn) {
    if (child.children.length > 0 && isSpread(child.id)) {
      endRow();
      down = placeBox(places, child, depth + 1, inner.left, down, inner.right - inner.left, isSpread) + gap;
      continue;
    }
    const size = sizeOf(child);
    if (across > inner.left && across + size.width > inner.right) {
      endRow();
    }
    places.push(place(size.shape, child, depth + 1, across, down, size.width, size.height));
    across += size.width + gap;
    rowHeight = Math.max(rowHeight, size.height);
  }
  endRow();
  const hidden = node.children.length - drawn.length;
  if (hidden > 0) {
    places.push({
      ...place("more", node, depth + 1, inner.left, down, inner.right - inner.left, MEASURES.dotHeight),
      hidden,
    });
    down += MEASURES.dotHeight + gap;
  }
  const bottom = drawn.length === 0 ? y + header : down - gap + edge;
  box.height = bottom - y;
  return bottom;
}

/**
 * @param {TreeNode} node
 * @returns {{shape: "tile" | "dot", width: number, height: number}}
 */
function sizeOf(node) {
  return isUnit(node)
    ? { shape: "dot", width: MEASURES.dotWidth, height: MEASURES.dotHeight }
    : { shape: "tile", width: MEASURES.tileWidth, height: MEASURES.tileHeight };
}

/**
 * Whether it is drawn as the smallest thing. What holds others is a container whatever its level says.
 * @param {TreeNode} node
 */
export function isUnit(node) {
  return node.children.length === 0 && (node.level === "unit" || node.level === "unknown");
}

/**
 * @param {Place["shape"]} shape
 * @param {TreeNode} node
 * @param {number} depth
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @returns {Place}
 */
function place(shape, node, depth, x, y, width, height) {
  return { shape, node, depth, x, y, width, height, hidden: 0 };
}

/**
 * How many objects are under a node, itself not counted, and how many of them are units.
 * @param {TreeNode} node
 * @returns {{all: number, units: number}}
 */
export function countUnder(node) {
  let all = 0;
  let units = 0;
  /** @type {TreeNode[]} */
  const waiting = [...node.children];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    all += 1;
    units += isUnit(next) ? 1 : 0;
    waiting.push(...next.children);
  }
  return { all, units };
}

/**
 * The end of an identifier, by which people tell one from the next: the last characters of the serial number or SSCC.
 * @param {string} id
 * @param {number} [length]
 */
export function shortName(id, length = 6) {
  const value = id.slice(id.lastIndexOf(")") + 1);
  return value.length <= length ? value : `\u2026${value.slice(-length)}`;
}
