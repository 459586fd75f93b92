/**
 * The policy as a form: a question for each rule that has a few answers, and the whole of it as text for the rest, which are
 * the products and the roles. The text is what is saved; an answer that is chosen is written into it.
 */

import { h, t } from "../shell.js";

/** The answers to each question, the default first, as `GET /v1/policy` words them. @type {Record<string, readonly string[]>} */
export const ANSWERS = {
  child_with_parent: ["refuse", "move"],
  wrong_parent: ["refuse", "ignore"],
  emptied_container: ["stays", "is_decommissioned"],
  closed_container: ["becomes_broken", "ancestors_become_broken", "ancestors_are_disbanded"],
  decommission_inside: ["refuse", "take_out"],
  recommission: ["refuse", "allow"],
  packaging_check: ["as_configured", "unchecked"],
  uncommissioned: ["refuse", "commission_on_sight"],
  late_event: ["record", "refuse", "park"],
};

/**
 * @param {Record<string, unknown>} policy
 * @returns {{element: HTMLElement, text: HTMLTextAreaElement}}
 */
export function policyFields(policy) {
  const text = h("textarea", { id: "policy", rows: 14, spellcheck: "false" });
  text.value = JSON.stringify(policy, null, 2);
  const questions = Object.entries(ANSWERS).map(([question, answers]) => {
    const choice = h(
      "select",
      { id: `policy-${question}` },
      ...answers.map((answer) =>
        h("option", { value: answer, selected: policy[question] === answer }, t(`policy.${question}.${answer}`)),
      ),
    );
    choice.addEventListener("change", () => {
      text.value = answered(text.value, question, choice.value);
    });
    return h("div", { class: "field" }, h("label", { for: choice.id }, t(`policy.${question}`)), choice);
  });
  const element = h(
    "div",
    { class: "stack" },
    h("div", { class: "columns" }, ...questions),
    h(
      "details",
      { class: "folded" },
      h("summary", {}, t("policy.rest")),
      h("div", { class: "field" }, h("label", { for: "policy" }, t("policy.json")), text),
    ),
  );
  return { element, text };
}

/** The text with another answer; one that is no JSON stays, and is refused when it is saved. */
function answered(/** @type {string} */ text, /** @type {string} */ question, /** @type {string} */ answer) {
  try {
    const policy = { ...JSON.parse(text), [question]: answer };
    // Only who waits has a time to wait.
    if (policy.late_event !== "park") {
      delete policy.park_minutes;
    }
    return JSON.stringify(policy, null, 2);
  } catch {
    return text;
  }
}
