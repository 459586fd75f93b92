/** The signature: the person's own password again, or a second person. What is signed is said in words. */

import { isLabel } from "../scan/wedge.js";
import { announce, dialog, h, t } from "../shell.js";
import { button, field } from "./make.js";

/**
 * @typedef {object} Signature
 * @property {string} password
 * @property {string} [user] the second person; without one it is the person who is signed in
 */

/**
 * Asks for a signature. Answers null if the person thought better of it.
 * @param {string} what
 * @param {string} wrong why the one before was not taken, or ""
 * @returns {Promise<Signature | null>}
 */
export async function askSignature(what, wrong) {
  /** @type {Signature | null} */
  let signature = null;
  const answer = await dialog(t("signature.title"), (close) => {
    const user = field({ label: t("signature.user"), name: "signer", type: "text", value: "" });
    const password = field({ label: t("signature.password"), name: "signature", type: "password", value: "" });
    user.element.hidden = true;
    const who = (/** @type {"own" | "second"} */ name) =>
      h(
        "label",
        { class: "segment" },
        h("input", {
          type: "radio",
          name: "who",
          checked: name === "own",
          onchange: () => {
            user.element.hidden = name === "own";
            (name === "own" ? password : user).input.focus();
          },
        }),
        t(`signature.${name}`),
      );
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (isLabel(password.input.value)) {
        password.input.value = "";
        announce("warning", t("scan.answer_first"), t("scan.answer_first_sentence"));
        return;
      }
      const second = user.element.hidden ? "" : user.input.value.trim();
      if (password.input.value !== "" && (user.element.hidden || second !== "")) {
        signature = { password: password.input.value, ...(second === "" ? {} : { user: second }) };
        password.input.value = "";
        close("signed");
      }
    };
    password.input.setAttribute("autocomplete", "off");
    password.input.autofocus = true;
    return h(
      "form",
      { class: "stack", onsubmit: submit },
      wrong === "" ? null : h("p", { class: "note is-stop", role: "alert" }, `\u2715 ${wrong}`),
      h("p", { class: "large" }, t("signature.meaning", { what })),
      h(
        "div",
        { class: "segments", role: "radiogroup", "aria-label": t("signature.title") },
        who("own"),
        who("second"),
      ),
      user.element,
      password.element,
      button({ text: t("signature.go"), kind: "main", submits: true }),
    );
  });
  return answer === null ? null : signature;
}
