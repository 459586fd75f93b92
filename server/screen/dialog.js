/** Questions in front of the screen. While one is open it gets the commands, and scans wait for the answer. */

import { whileBusy } from "./busy.js";
import { h } from "./element.js";
import { t } from "./words.js";

/**
 * Asks. Answers with what the content closed it with, or null when the person thought better of it.
 * @param {string} title
 * @param {(close: (answer: string) => void) => Node} make
 * @returns {Promise<string | null>}
 */
export function dialog(title, make) {
  return new Promise((resolve) => {
    const box = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" });
    /** @type {string | null} */
    let answer = null;
    const closed = new Promise((done) => box.addEventListener("close", done));
    const end = () => {
      // The browser tells it later, and what was asked for goes on then.
      void whileBusy(closed);
      box.close();
    };
    const close = (/** @type {string} */ given) => {
      answer = given;
      end();
    };
    box.append(
      h("h2", { id: "dialog-title" }, title),
      h("p", { class: "dialog-said", hidden: true }),
      make(close),
      h(
        "button",
        { type: "button", class: "button is-quiet", "data-command": "cancel", onclick: end },
        t("dialog.cancel"),
      ),
    );
    box.addEventListener("leave", end);
    box.addEventListener("close", () => {
      box.remove();
      resolve(answer);
    });
    document.body.append(box);
    box.showModal();
  });
}

/** The question that is open, if there is one. @returns {HTMLDialogElement | null} */
export function openDialog() {
  return [...document.querySelectorAll("dialog")].filter((box) => box.open).at(-1) ?? null;
}

/**
 * Asks whether to do something, and shows what will follow from it.
 * @param {string} title
 * @param {string[]} consequences a sentence each
 * @param {string} go the words on the button
 * @returns {Promise<boolean>}
 */
export async function confirm(title, consequences, go) {
  const answer = await dialog(title, (close) =>
    h(
      "div",
      { class: "stack" },
      h("ul", { class: "consequences" }, ...consequences.map((sentence) => h("li", {}, sentence))),
      h(
        "button",
        { type: "button", class: "button is-main", "data-command": "confirm", onclick: () => close("yes") },
        go,
      ),
    ),
  );
  return answer === "yes";
}
