/**
 * Draws what `layout.js` places, as SVG made in the page. Everything that says something in colour says it with a mark, too.
 */

import { countUnder, shortName } from "./layout.js";

/** @typedef {import("./layout.js").Place} Place */
/** @typedef {import("./layout.js").TreeNode} TreeNode */
/** @typedef {import("./changes.js").Change} Change */

/**
 * What the drawing needs beside the places.
 * @typedef {object} Manner
 * @property {Map<string, Change>} changes
 * @property {(key: string, values?: Record<string, string | number>) => string} words
 * @property {(node: TreeNode) => void} press
 */

const SVG = "http://www.w3.org/2000/svg";

/** The mark of each change, so that nobody needs to tell colours apart. @type {Record<Change, string>} */
export const MARKS = { same: "", came_in: "+", went_out: "\u2212", moved: "\u2192", changed: "\u2260" };

/**
 * The whole drawing.
 * @param {{places: Place[], width: number, height: number}} layout
 * @param {number} scale how much larger than laid out
 * @param {Manner} manner
 * @returns {SVGSVGElement}
 */
export function draw(layout, scale, manner) {
  const { width, height } = layout;
  const drawing = element("svg", { viewBox: `0 0 ${width} ${height}`, width: width * scale, height: height * scale });
  drawing.classList.add("picture");
  // The list beside it says the same to those who cannot see it.
  drawing.setAttribute("aria-hidden", "true");
  for (const place of layout.places) {
    drawing.append(drawPlace(place, manner));
  }
  return /** @type {SVGSVGElement} */ (drawing);
}

/**
 * @param {Place} place
 * @param {Manner} manner
 */
function drawPlace(place, manner) {
  const group = element("g", { transform: `translate(${place.x} ${place.y})` });
  if (place.shape === "more") {
    group.classList.add("picture-more");
    group.append(text(place.width / 2, place.height / 2, manner.words("picture.more", { n: place.hidden })));
    return group;
  }
  const { node } = place;
  const change = manner.changes.get(node.id) ?? "same";
  group.classList.add(
    "picture-part",
    `is-${place.shape}`,
    `is-${change}`,
    `seal-${node.seal}`,
    `status-${node.status}`,
  );
  group.classList.toggle("is-held", node.held === true);
  group.classList.toggle("is-away", node.away === true);
  const title = element("title", {});
  title.textContent = describe(node, change, manner.words);
  const frame = { x: 0.5, y: 0.5, width: place.width - 1, height: place.height - 1, rx: place.shape === "dot" ? 4 : 8 };
  group.append(title, element("rect", frame), ...inside(place, change, manner));
  group.addEventListener("click", () => manner.press(node));
  return group;
}

/**
 * What is written into a part.
 * @param {Place} place
 * @param {Change} change
 * @param {Manner} manner
 * @returns {SVGElement[]}
 */
function inside(place, change, manner) {
  const { node } = place;
  const mark = change === "same" ? [] : [text(place.width - 14, 18, MARKS[change], "picture-mark")];
  if (place.shape === "dot") {
    const middle = place.height / 2;
    return change === "same"
      ? [text(place.width / 2, middle, shortName(node.id), "picture-name")]
      : [
          text(14, middle, MARKS[change], "picture-mark"),
          text(place.width / 2 + 10, middle, shortName(node.id, 5), "picture-name"),
        ];
  }
  const under = countUnder(node);
  const quantities = node.quantities?.map(({ quantity }) => quantity ?? "?").join(" + ") ?? "";
  const count = String(node.children.length || quantities || manner.words("picture.empty"));
  if (place.shape === "tile") {
    const name = text(place.width / 2, 24, shortName(node.id), "picture-name");
    const below = text(place.width / 2, 52, `${sealMark(node)}${count}`, "picture-count");
    return [name, below, ...mark];
  }
  const level = manner.words(`level.${node.level}`);
  const units = 0 < under.units ? ` \u00b7 ${under.units} ${manner.words("levels.unit", { n: under.units })}` : "";
  const name = text(16, 24, `${level} ${shortName(node.id, 8)}`, "picture-name is-start");
  const total = text(
    place.width - (change === "same" ? 16 : 36),
    24,
    `${sealMark(node)}${count}${place.width < 320 ? "" : units}`,
    "picture-count is-end",
  );
  return [name, total, ...mark];
}

/** @param {TreeNode} node */
function sealMark(node) {
  if (node.held) {
    return "\u2016 ";
  }
  return node.seal === "broken" ? "\u26a0 " : "";
}

/**
 * One object in words.
 * @param {TreeNode} node
 * @param {Change} change
 * @param {Manner["words"]} words
 */
export function describe(node, change, words) {
  const parts = [`${words(`level.${node.level}`)} ${node.id}`];
  if (node.status !== "active") {
    parts.push(words(`status.${node.status}`));
  } else if (node.level !== "unit") {
    parts.push(words(`seal.${node.seal}`));
  }
  if (node.held) {
    parts.push(words("state.held"));
  }
  if (node.away) {
    parts.push(words("state.away"));
  }
  parts.push(...(node.quantities ?? []).map((one) => [one.quantity ?? "?", one.uom, one.class].filter(Boolean).join(" ")));
  if (change !== "same") {
    parts.push(words(`picture.${change}`));
  }
  return parts.join(", ");
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElement}
 */
function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, String(value));
  }
  return made;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} content
 * @param {string} [names]
 */
function text(x, y, content, names = "") {
  const made = element("text", { x, y });
  made.setAttribute("class", names);
  made.textContent = content;
  return made;
}
