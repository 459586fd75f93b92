/** What I did last, with undo where nobody has built upon it. */

import { Screen, announce, api, button, explain, h, heading, newRequestId, spoken, t, withSignature } from "../work/desk.js";
import { factLine } from "../work/parts.js";
import { chooseReason } from "../work/reason-tiles.js";

/** @typedef {import("../work/desk.js").Action} Action */

/** `#/actions` */
export class ActionsScreen extends Screen {
  async start() {
    this.show(heading(t("actions.title"), t("actions.lead")), h("p", {}, t("work.loading")));
    await this.load();
  }

  async load() {
    try {
      const { actions } = await api.actions(20);
      this.show(
        heading(t("actions.title"), t("actions.lead")),
        actions.length === 0
          ? h("p", { class: "large" }, t("actions.none"))
          : h("ul", { class: "lines" }, ...actions.map((one) => this.line(one))),
      );
    } catch (problem) {
      explain(problem);
    }
  }

  /** @param {Action} action */
  line(action) {
    return factLine(
      action,
      action.undo.possible
        ? button({
            text: t("actions.undo"),
            kind: "plain",
            about: `${t("history.fact")} ${action.fact}`,
            press: () => this.undo(action.fact),
          })
        : h(
            "p",
            { class: "quiet" },
            `${t("actions.not")}${action.undo.why_not === null ? "" : `: ${spoken(action.undo.why_not)}`}`,
          ),
    );
  }

  /** @param {number} fact */
  async undo(fact) {
    const reason = await chooseReason("undo");
    if (reason === null) {
      return;
    }
    const asked = { request_id: newRequestId(), reason };
    const done = await withSignature(t("actions.undo"), (signature) => api.undo(fact, { ...asked, ...signature }));
    if (done !== null) {
      announce("ok", t("actions.undone"), `${t("history.fact")} ${fact}`);
    }
    await this.load();
  }
}
