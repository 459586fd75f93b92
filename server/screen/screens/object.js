/**
 * The card of an object: what it is, in what state, where, how much is in it, what happened last, and what can be done
 * with it now.
 */

import { Screen, addressOf, announce, day, go, h, newRequestId, spoken, t } from "../shell.js";
import { api } from "../work/asked.js";
import { explain } from "../work/desk.js";
import { bigNumber, button, heading, holdButton, identifier } from "../work/make.js";
import { breadcrumb, factLine, lotOf, stateWords } from "../work/parts.js";
import { breakUp, consequenceList } from "./break.js";

/** @typedef {import("../work/asked.js").ScanAnswer} ScanAnswer */
/** @typedef {import("../work/asked.js").Inspection} Inspection */
/** @typedef {ScanAnswer["actions"][number]} Action */

/** The actions in the order in which they are wanted; the first four that are allowed are shown large. */
const ORDER = [
  "take_out",
  "break",
  "reconcile",
  "release",
  "receive",
  "close",
  "hold",
  "ship",
  "label",
  "replace",
  "relabel",
  "move",
  "swap",
  "merge",
  "split",
  "reset",
  "close_partial",
  "reopen",
  "sample",
  "reject",
  "return",
  "void_ship",
  "destroy",
  "decommission",
];
const LARGE_MAX = 4;
/** Those that have a screen of their own; the others of two objects are rework, and the rest is done to this object alone. */
const OWN = new Set(["break", "reconcile", "label"]);
const REWORK = new Set(["replace", "relabel", "move", "swap", "merge", "split", "reset"]);

/** @param {string} action @param {string} id */
function addressFor(action, id) {
  const query = `?id=${encodeURIComponent(id)}`;
  if (OWN.has(action)) {
    return `#/${action}${query}`;
  }
  return REWORK.has(action) ? `#/rework/${action}${query}` : `#/do/${action}${query}`;
}

/** @param {string} action */
function wordFor(action) {
  return REWORK.has(action)
    ? t(`rework.${action}`)
    : OWN.has(action) || action === "take_out"
      ? t(`object.${action}`)
      : t(`deed.${action}`);
}

/** `#/object?id=...` or `#/object?text=...&entry=scan` */
export class ObjectScreen extends Screen {
  /** @type {ScanAnswer | null} */
  answer = null;
  requestId = "";

  async start() {
    this.show(heading(t("object.title"), ""), h("p", { class: "quiet" }, t("object.asking")));
    const entry = this.query.get("entry") === "typed" ? "typed" : "scan";
    await this.load(this.query.get("id") ?? this.query.get("text") ?? "", entry, this.query.has("text"));
  }

  /** @param {string} text @param {"scan" | "typed"} entry @param {boolean} isNews whether a person waits for a word */
  async load(text, entry, isNews) {
    try {
      this.answer = await api.scan(text, entry);
    } catch (error) {
      explain(error);
      this.show(
        heading(t("object.title"), ""),
        h("p", { class: "note is-stop" }, `\u2715 ${t("object.unread")}`),
        this.again(text, entry),
      );
      return;
    }
    if (!this.isConnected) {
      return;
    }
    this.requestId = newRequestId();
    if (isNews) {
      this.say(this.answer);
    }
    this.draw(this.answer);
  }

  /** @param {string} text @param {"scan" | "typed"} entry */
  again(text, entry) {
    return button({
      text: t("object.again"),
      kind: "main",
      command: "confirm",
      press: () => this.load(text, entry, true),
    });
  }

  /** @param {ScanAnswer} answer */
  say({ object, problem, reading }) {
    const [warning] = reading.warnings;
    if (problem !== null) {
      // Why stands on the page.
      announce("stop", t("object.unknown"));
    } else if (warning !== undefined) {
      announce("warning", t("object.careful"), spoken(warning));
    } else if (object !== null) {
      const state = stateWords(object);
      announce(state.kind, t(`level.${object.level}`), state.text.slice(1).trim());
    }
  }

  /** @param {ScanAnswer} answer */
  draw(answer) {
    const { object, problem, reading } = answer;
    const lot = reading.kind === "lot" ? /^\(01\)(\d{14})\(10\)(.+)$/.exec(reading.id ?? "") : null;
    if (lot !== null) {
      go(`#/lot/${lot[1]}/${encodeURIComponent(lot[2] ?? "")}`);
      return;
    }
    if (object === null) {
      this.show(
        heading(t(reading.candidates.length > 1 ? "find.candidates" : "object.unknown_title"), ""),
        problem === null ? null : h("p", { class: "note is-stop" }, `\u2715 ${spoken(problem)}`),
        h("p", { class: "identifier" }, answer.text),
        h(
          "ul",
          { class: "lines" },
          ...reading.candidates.map((id) => h("li", { class: "line" }, identifier(id, addressOf(id)))),
        ),
      );
      return;
    }
    const allowed = ORDER.map((name) =>
      answer.actions.find(({ action, allowed }) => action === name && allowed),
    ).filter((action) => action !== undefined);
    this.show(
      this.head(object),
      h(
        "div",
        { class: "split" },
        h("div", { class: "stack" }, ...this.numbers(object)),
        h("div", { class: "tiles is-deeds" }, ...this.actions(object, allowed.slice(0, LARGE_MAX))),
        h(
          "div",
          { class: "stack" },
          h("h2", {}, t("object.where")),
          object.around.length === 0 ? h("p", {}, t("work.loose")) : breadcrumb(object),
          answer.last === null ? null : h("h2", {}, t("object.last")),
          answer.last === null ? null : h("ul", { class: "lines" }, factLine(answer.last)),
        ),
      ),
      this.more(object, answer.actions, allowed.slice(LARGE_MAX)),
    );
  }

  /** @param {Inspection} object */
  head(object) {
    const state = stateWords(object);
    return h(
      "header",
      { class: `object-head is-${state.kind}` },
      h("h1", {}, h("span", { class: "object-level" }, t(`level.${object.level}`)), " ", identifier(object.id)),
      h("p", { class: "object-state" }, state.text),
    );
  }

  /** @param {Inspection} object */
  numbers(object) {
    const facts = /** @type {[string, string][]} */ ([
      ["object.product", lotOf(object)?.gtin ?? ""],
      ["object.lot", object.lot ?? ""],
      ["object.expiry", object.expiry === null ? "" : day(object.expiry)],
    ]);
    const units = object.units === object.children ? null : bigNumber(object.units, t("levels.unit", { n: object.units }));
    return [
      object.children === 0 ? null : h("div", { class: "numbers" }, bigNumber(object.children, t("object.children")), units),
      h(
        "dl",
        { class: "facts" },
        ...facts
          .filter(([, value]) => value !== "")
          .map(([key, value]) => h("div", {}, h("dt", {}, t(key)), h("dd", {}, value))),
      ),
    ].filter((node) => node !== null);
  }

  /** @param {Inspection} object @param {Action[]} actions */
  actions(object, actions) {
    return actions.map(({ action }, index) => {
      const key = String(index + 1);
      if (action === "break") {
        const hold = holdButton({ text: t("break.hold"), kind: "stop", press: () => this.breakUp(object) });
        hold.dataset["key"] = key;
        hold.prepend(h("kbd", { "aria-hidden": "true" }, key));
        // The number key shows the screen that asks; only a hand that rests on the button does it at once.
        hold.addEventListener("click", (event) => event.isTrusted || go(addressFor("break", object.id)));
        return h("div", { class: "break-box" }, consequenceList(object, "one_level"), hold);
      }
      const content = [h("kbd", { "aria-hidden": "true" }, key), h("span", { class: "tile-text" }, wordFor(action))];
      return action === "take_out"
        ? h(
            "button",
            {
              type: "button",
              class: "tile",
              "data-key": key,
              "data-command": "take-off",
              onclick: () => this.takeOut(object),
            },
            ...content,
          )
        : h(
            "a",
            {
              class: "tile",
              href: addressFor(action, object.id),
              "data-key": key,
              "data-command": action === "reconcile" ? "count" : action,
            },
            ...content,
          );
    });
  }

  /** @param {Inspection} object @param {Action[]} all @param {Action[]} rest */
  more(object, all, rest) {
    const query = `?id=${encodeURIComponent(object.id)}`;
    const links = [
      ["tree", t("picture.title")],
      ["history", t("history.title")],
    ].map(([name, text]) =>
      h("a", { class: "tile", href: `#/${name}${query}` }, h("span", { class: "tile-text" }, text)),
    );
    const barred = all.filter(({ allowed, why_not: why }) => !allowed && why !== null);
    return h(
      "details",
      { class: "folded" },
      h("summary", {}, t("object.more")),
      h(
        "div",
        { class: "stack" },
        h(
          "nav",
          { class: "tiles is-dense", "aria-label": t("object.more") },
          ...links,
          ...rest.map(({ action }) =>
            h(
              "a",
              { class: "tile", href: addressFor(action, object.id), "data-command": action },
              h("span", { class: "tile-text" }, wordFor(action)),
            ),
          ),
        ),
        barred.length === 0 ? null : h("h2", {}, t("object.barred")),
        h(
          "ul",
          { class: "lines" },
          ...barred.map(({ action, why_not: why }) =>
            h(
              "li",
              { class: "line" },
              h("strong", {}, wordFor(action)),
              h("span", { class: "quiet" }, why === null ? "" : spoken(why)),
            ),
          ),
        ),
      ),
    );
  }

  /** @param {string} command */
  command(command) {
    const object = this.answer?.object ?? null;
    // The consequences are on the card already, so that the barcode is the confirmation.
    if (
      command === "break" &&
      object !== null &&
      this.answer?.actions.some(({ action, allowed }) => action === "break" && allowed)
    ) {
      void this.breakUp(object);
      return true;
    }
    return false;
  }

  /** @param {Inspection} object */
  async breakUp(object) {
    if (await breakUp(object, { requestId: this.requestId })) {
      await this.load(object.id, "scan", false);
    }
  }

  /** @param {Inspection} object */
  async takeOut(object) {
    try {
      await api.operate({
        request_id: this.requestId,
        entry: "scan",
        operation: { type: "unpack", children: [object.id] },
      });
      announce("ok", t("take_off.state.taken"), object.id);
    } catch (error) {
      explain(error);
      return;
    }
    await this.load(object.id, "scan", false);
  }
}
