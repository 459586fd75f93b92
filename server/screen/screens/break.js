/** Breaking up: scan a pallet or a case, see what will follow, confirm once. */

import { Screen, announce, go, h, newRequestId, number, spoken, t } from "../shell.js";
import { api } from "../work/asked.js";
import { explain, identify, typedField } from "../work/desk.js";
import { bigNumber, heading, holdButton } from "../work/make.js";
import { withIdentifiers } from "../work/parts.js";

/** @typedef {import("../work/asked.js").Inspection} Inspection */

const DEPTHS = /** @type {const} */ (["one_level", "all_levels"]);
const TRUSTS = /** @type {const} */ (["inferred", "verified"]);

/** What will follow, a sentence each. @param {Inspection} object @param {string} depth */
export function consequenceList(object, depth) {
  const isDeep = depth === "all_levels" && object.units !== object.children;
  const loose = isDeep
    ? t("break.units_loose", { n: number(object.units) })
    : t("break.children_loose", { n: number(object.children) });
  const { parent } = object;
  const stays = parent === null ? null : h("li", {}, ...withIdentifiers(t("break.parent_broken", { parent })));
  return h("ul", { class: "consequences" }, h("li", {}, loose), stays);
}

/**
 * Takes everything out.
 * @param {Inspection} object
 * @param {{depth?: string, trust?: string, requestId: string}} how
 */
export async function breakUp(object, { depth = "one_level", trust = "inferred", requestId }) {
  try {
    await api.operate({
      request_id: requestId,
      entry: "scan",
      operation: { type: "unpack", parent: object.id, everything: depth, trust },
    });
    announce("ok", t("break.done"), t("break.done_sentence", { n: number(object.children), id: object.id }));
    return true;
  } catch (error) {
    explain(error);
    return false;
  }
}

/** `#/break?id=...` */
export class BreakScreen extends Screen {
  /** @type {Inspection | null} */
  object = null;
  depth = "one_level";
  trust = "inferred";
  requestId = "";

  async start() {
    this.draw();
    const id = this.query.get("id");
    if (id !== null) {
      await this.take(id, "scan");
    }
  }

  draw() {
    const { object } = this;
    if (object === null) {
      this.show(
        heading(t("break.title"), t("break.lead")),
        h("p", { class: "ask" }, t("break.scan")),
        typedField((text) => this.take(text, "typed")),
      );
      return;
    }
    this.show(
      heading(t("break.title"), object.id),
      h(
        "div",
        { class: "split" },
        bigNumber(object.children, t("break.in_it")),
        h(
          "div",
          { class: "stack" },
          consequenceList(object, this.depth),
          holdButton({ text: t("break.hold"), kind: "stop", command: "confirm", press: () => this.act() }),
          h("p", { class: "quiet" }, t("break.or_scan")),
        ),
        h("div", { class: "stack" }, this.choice("depth", DEPTHS), this.choice("trust", TRUSTS)),
      ),
    );
  }

  /** @param {"depth" | "trust"} name @param {readonly string[]} choices */
  choice(name, choices) {
    return h(
      "fieldset",
      { class: "segments" },
      h("legend", {}, t(`break.${name}`)),
      ...choices.map((value) =>
        h(
          "label",
          { class: "segment" },
          h("input", {
            type: "radio",
            name,
            value,
            checked: this[name] === value,
            onchange: () => {
              this[name] = value;
              this.draw();
            },
          }),
          t(`break.${name}.${value}`),
        ),
      ),
    );
  }

  /** @param {string} text @param {"scan" | "typed"} entry */
  async scan(text, entry) {
    await this.take(text, entry);
    return true;
  }

  /** @param {string} text @param {"scan" | "typed"} entry */
  async take(text, entry) {
    const answer = await identify(text, entry === "typed", false);
    const object = answer?.object ?? null;
    if (object === null) {
      return;
    }
    const action = answer?.actions.find((one) => one.action === "break");
    if (object.children === 0 || action?.allowed === false) {
      const why = action?.why_not;
      announce(
        "stop",
        t("break.cannot"),
        object.children === 0 || why == null ? t("break.nothing_in") : spoken(why),
      );
      return;
    }
    this.object = object;
    this.requestId = newRequestId();
    announce("information", t("scan.read"), object.id);
    this.draw();
  }

  /** @param {string} command */
  command(command) {
    if (command === "confirm" && this.object !== null) {
      void this.act();
      return true;
    }
    return false;
  }

  async act() {
    const { object, depth, trust, requestId } = this;
    if (object !== null && (await breakUp(object, { depth, trust, requestId }))) {
      this.object = null;
      if (this.query.has("id")) {
        go("#/break");
      }
      this.draw();
    }
  }
}
