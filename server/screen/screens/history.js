/** The history of an object, like the card on a shelf: who did what, when, why, and with what effect. */

import { Screen, api, button, explain, h, heading, identify, linkTo, t, typedField } from "../work/desk.js";
import { factLine } from "../work/parts.js";

/** @typedef {import("../work/desk.js").Entry} Entry */

const PAGE = 50;

/** `#/history?id=...` */
export class HistoryScreen extends Screen {
  object = "";
  /** @type {Entry[]} */
  entries = [];
  /** @type {number | null} */
  next = null;

  async start() {
    this.object = "";
    this.draw();
    const id = this.query.get("id");
    if (id !== null) {
      await this.load(id);
    }
  }

  /** @param {string} id */
  async load(id) {
    this.object = id;
    this.entries = [];
    this.next = null;
    await this.older();
  }

  async older() {
    try {
      const page = await api.history(this.object, PAGE, this.next);
      this.entries.push(...page.entries);
      this.next = page.next;
    } catch (problem) {
      explain(problem);
    }
    this.draw();
  }

  draw() {
    if (this.object === "") {
      this.show(
        heading(t("history.title"), t("history.lead")),
        h("p", { class: "ask", role: "status" }, t("work.scan")),
        typedField((text) => this.take(text, true)),
      );
      return;
    }
    const id = encodeURIComponent(this.object);
    this.show(
      heading(t("history.title"), this.object),
      h("p", { class: "quiet" }, t("history.lead")),
      h(
        "ul",
        { class: "lines timeline" },
        ...this.entries.map((entry) =>
          factLine(
            entry,
            linkTo(`#/tree?id=${id}&at=${encodeURIComponent(`#${entry.fact}`)}`, t("history.then"), "button is-small"),
          ),
        ),
      ),
      this.next === null
        ? h("p", { class: "quiet" }, t("history.end"))
        : button({ text: t("history.older"), kind: "plain", press: () => this.older() }),
    );
  }

  /** @param {string} text */
  async scan(text) {
    await this.take(text, false);
    return true;
  }

  /** @param {string} text @param {boolean} typed */
  async take(text, typed) {
    // An object that is out of use, or was relabelled, still has a history, so it is asked for whether it is here or not.
    const answer = await identify(text, typed, true);
    if (answer !== null) {
      await this.load(answer.id);
    }
  }
}
