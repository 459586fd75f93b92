/** The picture of a container, now, at any moment, and with what changed since that moment. */

import { compare } from "../picture/changes.js";
import { MARKS, describe, draw } from "../picture/draw.js";
import { layOut } from "../picture/layout.js";
import {
  Screen,
  announce,
  api,
  button,
  explain,
  field,
  go,
  h,
  heading,
  identify,
  isNotFound,
  linkTo,
  t,
  time,
  typedField,
} from "../work/desk.js";

/** @typedef {import("../picture/layout.js").TreeNode} TreeNode */
/** @typedef {import("../picture/changes.js").Compared} Compared */

const CHANGES = /** @type {const} */ (["came_in", "went_out", "moved", "changed"]);
/** Beyond this many containers all at once would be a page that nobody reads. */
const SPREAD_MAX = 60;
const STEPS_MAX = 12;
/** From this width on the picture is drawn larger. */
const WIDE = 900;
const WIDE_SCALE = 1.4;

/** `#/tree?id=...&at=#17&compare=1` */
export class TreeScreen extends Screen {
  object = "";
  at = "";
  isCompared = false;
  /** @type {"picture" | "list"} */
  as = "picture";
  /** @type {Compared | null} */
  shown = null;
  /** @type {Set<string>} */
  spread = new Set();
  /** The latest facts that touched it, to choose a moment from. @type {{fact: number, time: string, operation: string}[]} */
  steps = [];
  board = h("div", { class: "board" });
  observer = new ResizeObserver(() => this.paint());

  async start() {
    this.object = "";
    this.spread.clear();
    this.observer.observe(this.board);
    this.at = this.query.get("at") ?? "";
    this.isCompared = this.query.get("compare") === "1";
    const id = this.query.get("id");
    if (id === null) {
      this.show(
        heading(t("picture.title"), ""),
        h("p", { class: "ask", role: "status" }, t("work.scan")),
        typedField((text) => this.take(text, true)),
      );
    } else {
      await this.open(id);
    }
  }

  stop() {
    this.observer.disconnect();
  }

  /** @param {string} id */
  async open(id) {
    this.object = id;
    this.show(heading(t("picture.title"), id), h("p", {}, t("work.loading")));
    await Promise.all([this.load(), this.loadSteps()]);
    this.draw();
  }

  async load() {
    try {
      const then = this.at === "" ? null : await this.treeAt(this.at);
      const now = this.at === "" || this.isCompared ? await this.treeAt("") : null;
      this.shown = this.isCompared && this.at !== "" ? compare(then, now) : compare(then ?? now, then ?? now);
    } catch (problem) {
      this.shown = null;
      explain(problem);
    }
  }

  /** @param {string} at @returns {Promise<TreeNode | null>} what was not there at a moment is an answer, and no mistake */
  async treeAt(at) {
    try {
      return await api.tree(this.object, at);
    } catch (problem) {
      if (isNotFound(problem)) {
        return null;
      }
      throw problem;
    }
  }

  async loadSteps() {
    try {
      this.steps = (await api.history(this.object, STEPS_MAX, null)).entries;
    } catch (problem) {
      this.steps = [];
      if (!isNotFound(problem)) {
        explain(problem);
      }
    }
  }

  draw() {
    const counts = this.shown?.counts;
    const isSame = counts !== undefined && CHANGES.every((change) => counts[change] === 0);
    this.show(
      heading(t("picture.title"), this.object),
      this.moments(),
      this.at !== "" && this.isCompared && counts !== undefined
        ? h(
            "div",
            { class: "legend" },
            h("p", {}, t(isSame ? "picture.no_changes" : "picture.since")),
            ...CHANGES.filter((change) => counts[change] > 0).map((change) =>
              h(
                "span",
                { class: `badge is-${change}` },
                `${MARKS[change]} ${counts[change]} ${t(`picture.${change}`)}`,
              ),
            ),
          )
        : null,
      this.shown === null ? h("p", { class: "note is-warning" }, `! ${t("picture.nothing_then")}`) : this.view(),
    );
    this.paint();
  }

  view() {
    const tab = (/** @type {"picture" | "list"} */ as) =>
      h(
        "label",
        { class: "segment" },
        h("input", {
          type: "radio",
          name: "as",
          checked: this.as === as,
          onchange: () => {
            this.as = as;
            this.draw();
          },
        }),
        t(`picture.as_${as}`),
      );
    return h(
      "div",
      { class: "stack" },
      h(
        "div",
        { class: "row is-spread" },
        h(
          "div",
          { class: "segments", role: "radiogroup", "aria-label": t("picture.title") },
          tab("picture"),
          tab("list"),
        ),
        this.as === "picture"
          ? h(
              "div",
              { class: "row" },
              button({ text: t("picture.spread"), kind: "quiet", small: true, press: () => this.spreadAll(true) }),
              button({ text: t("picture.gather"), kind: "quiet", small: true, press: () => this.spreadAll(false) }),
            )
          : null,
      ),
      this.as === "picture" ? this.board : this.list(),
    );
  }

  /** Draws into the width that there is. */
  paint() {
    const width = Math.floor(this.board.clientWidth);
    if (this.shown === null || width === 0 || this.as !== "picture") {
      return;
    }
    const { tree, changes } = this.shown;
    // A large screen stands further away.
    const scale = width < WIDE ? 1 : WIDE_SCALE;
    const layout = layOut(tree, Math.floor(width / scale), (id) => this.spread.has(id));
    this.board.replaceChildren(draw(layout, scale, { changes, words: t, press: (node) => this.press(node) }));
  }

  /** @param {TreeNode} node */
  press(node) {
    if (node.children.length === 0 || node.id === this.object) {
      go(`#/find?text=${encodeURIComponent(node.id)}`);
    } else {
      if (!this.spread.delete(node.id)) {
        this.spread.add(node.id);
      }
      this.paint();
    }
  }

  /** @param {boolean} isSpread */
  spreadAll(isSpread) {
    this.spread.clear();
    /** @type {TreeNode[]} */
    const waiting = isSpread && this.shown !== null ? [...this.shown.tree.children] : [];
    for (let node = waiting.shift(); node !== undefined && this.spread.size < SPREAD_MAX; node = waiting.shift()) {
      if (node.children.length > 0) {
        this.spread.add(node.id);
        waiting.push(...node.children);
      }
    }
    this.paint();
  }

  list() {
    return this.shown === null ? null : h("ul", { class: "tree-list" }, this.item(this.shown.tree, true));
  }

  /**
   * One object as a line that opens; what is below is made when it is opened.
   * @param {TreeNode} node
   * @param {boolean} isOpen
   * @returns {HTMLElement}
   */
  item(node, isOpen) {
    const change = this.shown?.changes.get(node.id) ?? "same";
    const words = `${MARKS[change]} ${describe(node, change, t)}`.trim();
    const open = linkTo(`#/find?text=${encodeURIComponent(node.id)}`, t("work.open"), "link-small");
    open.setAttribute("aria-label", `${t("work.open")} ${node.id}`);
    if (node.children.length === 0) {
      return h("li", { class: `tree-item is-${change}` }, h("span", {}, words), open);
    }
    const inside = h("ul", {});
    const fill = () => {
      if (inside.childElementCount === 0) {
        inside.append(...node.children.map((child) => this.item(child, false)));
      }
    };
    if (isOpen) {
      fill();
    }
    return h(
      "li",
      { class: `tree-item is-${change}` },
      h("details", { open: isOpen, ontoggle: fill }, h("summary", {}, `${words} (${node.children.length})`), inside),
      open,
    );
  }

  moments() {
    const moment = field({ label: t("picture.moment"), type: "datetime-local", name: "moment", value: "", step: "1" });
    const compared = h("input", { type: "checkbox", checked: this.isCompared, id: "compare" });
    compared.addEventListener("change", () => this.go(this.at, compared.checked));
    const go = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (moment.input.value !== "") {
        this.go(new Date(moment.input.value).toISOString(), compared.checked);
      }
    };
    const step = (/** @type {{fact: number, time: string, operation: string}} */ one) =>
      h(
        "option",
        { value: `#${one.fact}`, selected: this.at === `#${one.fact}` },
        `#${one.fact} ${t(`operation.${one.operation}`)}, ${time(one.time)}`,
      );
    const chosen = h(
      "select",
      { id: "step" },
      h("option", { value: "", selected: this.at === "" }, t("picture.now")),
      this.at !== "" && !this.steps.some((one) => `#${one.fact}` === this.at)
        ? h(
            "option",
            { value: this.at, selected: true },
            t("picture.as_of", { time: this.at.startsWith("#") ? this.at : time(this.at) }),
          )
        : null,
      ...this.steps.map(step),
    );
    chosen.addEventListener("change", () => this.go(chosen.value, compared.checked));
    const form = h(
      "form",
      { class: "moments", onsubmit: go },
      h("div", { class: "field" }, h("label", { for: "step" }, t("picture.steps")), chosen),
      moment.element,
      button({ text: t("picture.show"), kind: "plain", submits: true }),
      this.at === "" ? null : h("label", { class: "check" }, compared, t("picture.since")),
    );
    const isOpen = this.at !== "" || WIDE <= window.innerWidth;
    return h("details", { class: "folded", open: isOpen }, h("summary", {}, t("picture.at")), form);
  }

  /** @param {string} at @param {boolean} isCompared */
  go(at, isCompared) {
    const query = new URLSearchParams({
      id: this.object,
      ...(at === "" ? {} : { at }),
      ...(isCompared && at !== "" ? { compare: "1" } : {}),
    });
    go(`#/tree?${query}`);
  }

  /** @param {string} text */
  async scan(text) {
    await this.take(text, false);
    return true;
  }

  /** @param {string} text @param {boolean} typed */
  async take(text, typed) {
    const answer = await identify(text, typed, true);
    if (answer !== null) {
      announce("ok", t("work.scanned"), answer.id);
      go(`#/tree?id=${encodeURIComponent(answer.id)}`);
    }
  }
}
