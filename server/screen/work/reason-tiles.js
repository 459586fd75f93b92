/** The reasons as tiles: one press, or one scan of a number key, instead of typing. */

import { dialog, h, t } from "../shell.js";
import { button, field, tile } from "./make.js";
import { reasonsOf } from "./reasons.js";

/**
 * The tiles for an operation and a text of one's own; once a reason is chosen, only that, so that what comes next needs no scrolling.
 * @param {string} action
 * @param {string | null} chosen
 * @param {(reason: string | null) => void} choose
 * @param {boolean} [isTitled] a dialog has a title of its own
 */
export function reasonTiles(action, chosen, choose, isTitled = true) {
  const own = field({
    label: t("reason.own"),
    name: "reason",
    type: "text",
    value: "",
    hint: t("reason.own_hint"),
    maxlength: 200,
  });
  const names = reasonsOf(action);
  if (chosen !== null) {
    return h(
      "section",
      { class: "row is-spread", "aria-label": t("reason.title") },
      h("p", { class: "note is-information is-grown" }, `\u2713 ${t("history.reason", { reason: chosen })}`),
      button({ text: t("reason.change"), kind: "quiet", press: () => choose(null) }),
    );
  }
  const take = (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = own.input.value.trim();
    if (text !== "") {
      choose(text);
    }
  };
  return h(
    "section",
    { class: "stack", "aria-label": t("reason.title") },
    isTitled ? h("h2", {}, t("reason.title")) : null,
    h(
      "div",
      { class: "tiles is-dense" },
      ...names.map((name, index) => {
        const text = t(`reason.${name}`);
        return tile({ text, key: String(index + 1), press: () => choose(text) });
      }),
    ),
    h(
      "form",
      { class: "row", onsubmit: take },
      own.element,
      button({ text: t("work.typed_go"), kind: "plain", submits: true }),
    ),
  );
}

/**
 * Asks for a reason in a dialog. Answers null if the person thought better of it.
 * @param {string} action
 * @returns {Promise<string | null>}
 */
export function chooseReason(action) {
  return dialog(t("reason.title"), (close) =>
    reasonTiles(action, null, (reason) => reason !== null && close(reason), false),
  );
}
