/**
 * What every screen for work needs, in one place: elements, words, the server, and the three ways in which work is done.
 *
 * `identify` turns a scan into an object or says why not, `preview` shows the consequences and asks, `perform` does it and says
 * how it went, with a reason and a signature where they are needed.
 */

import { Problem, announce, dialog, h, isOffline, newRequestId, spoken, t } from "../shell.js";
import { api } from "./asked.js";
import { button, field } from "./make.js";
import { changesList } from "./parts.js";
import { askSignature } from "./signature.js";

export {
  Screen,
  addressOf,
  announce,
  confirm,
  day,
  dialog,
  go,
  goInPlace,
  h,
  language,
  may,
  newRequestId,
  number,
  online,
  reasonWords,
  scanAsIf,
  since,
  spoken,
  t,
  time,
} from "../shell.js";
export { api } from "./asked.js";
export { bigNumber, button, card, checks, field, heading, holdButton, identifier, linkTo, tile } from "./make.js";

/** @typedef {import("./asked.js").Inspection} Inspection */
/** @typedef {import("./asked.js").ScanAnswer} ScanAnswer */
/** @typedef {import("./asked.js").Reconciliation} Reconciliation */
/** @typedef {import("./asked.js").Lot} Lot */
/** @typedef {import("./asked.js").Action} Action */
/** @typedef {import("./asked.js").Entry} Entry */
/** @typedef {import("./asked.js").Fact} Fact */
/** @typedef {import("./asked.js").Parked} Parked */
/** @typedef {import("./asked.js").User} User */
/** @typedef {import("./asked.js").MachineKey} MachineKey */
/** @typedef {import("./asked.js").Done} Done */

/**
 * Says what went wrong, naming the objects and what to do.
 * @param {unknown} error
 * @returns {string} the same words, for whoever asks again
 */
export function explain(error) {
  const words = isOffline(error) ? t("work.needs_truth") : error instanceof Problem ? error.words() : String(error);
  announce("stop", t("work.refused"), words);
  return words;
}

/** @param {unknown} error */
export function isNotFound(error) {
  return error instanceof Problem && error.status === 404;
}

/**
 * What a scan or a typed text names. Null when it names no single object, which the person has been told then.
 * @param {string} text
 * @param {boolean} typed
 * @param {boolean} mayBeNew whether an identifier that was never commissioned will do
 * @returns {Promise<(ScanAnswer & {id: string}) | null>}
 */
export async function identify(text, typed, mayBeNew) {
  /** @type {ScanAnswer} */
  let answer;
  try {
    answer = await api.scan(text, typed ? "typed" : "scan");
  } catch (error) {
    explain(error);
    return null;
  }
  const id = answer.object?.id ?? answer.reading.id ?? "";
  if (answer.object !== null || (mayBeNew && answer.reading.kind === "object" && id !== "")) {
    const [warning] = answer.reading.warnings;
    if (warning !== undefined) {
      announce("warning", t("work.scanned"), spoken(warning));
    }
    return { ...answer, id };
  }
  const { problem } = answer;
  announce(
    "stop",
    t("work.refused"),
    problem === null ? `${t("work.not_an_object")} ${t("work.not_an_object_remedy")}` : spoken(problem),
  );
  return null;
}

/** Says what a scan meant. @param {"ok" | "stop"} kind @param {ScanAnswer} answer */
export function say(kind, answer) {
  const { problem } = answer;
  announce(
    kind,
    t(kind === "ok" ? "work.scanned" : "work.refused"),
    problem === null ? (answer.reading.id ?? answer.text) : spoken(problem),
  );
}

/**
 * Shows what an operation would do, and asks whether to do it.
 * @param {object} operation
 * @param {string} title
 * @param {string} note
 * @returns {Promise<boolean>}
 */
export async function preview(operation, title, note) {
  try {
    const { facts } = await api.preview([{ operation }]);
    const answer = await dialog(title, (close) =>
      h(
        "div",
        { class: "stack" },
        h("h2", {}, t("work.consequences")),
        ...facts.map((fact) => changesList(fact.changes)),
        h("p", {}, note),
        h(
          "div",
          { class: "row" },
          button({ text: t("work.do_it"), kind: "main", command: "confirm", press: () => close("yes") }),
        ),
      ),
    );
    return answer === "yes";
  } catch (error) {
    explain(error);
    return false;
  }
}

/**
 * Whether the rules would allow an operation as far as one of its objects is concerned; if not, the person has been told why. What
 * only a reason or a signature can decide is left for later.
 * @param {object} operation
 * @param {string} id
 * @returns {Promise<boolean>}
 */
export async function fits(operation, id) {
  try {
    await api.preview([{ operation, reason: "-" }]);
    return true;
  } catch (error) {
    const isOfIt = error instanceof Problem && error.faults.some(({ object, other }) => object === id || other === id);
    if (isOfIt || isOffline(error)) {
      explain(error);
      return false;
    }
    return true;
  }
}

/**
 * Sends something, with a signature where the server wants one, and says what went wrong. What is sent keeps its request id, so that
 * nothing is done twice.
 * @template Answer
 * @param {string} what is signed for, in words
 * @param {(signature: {signature?: import("./signature.js").Signature}) => Promise<Answer>} send
 * @returns {Promise<Answer | null>} null when it was not done
 */
export async function withSignature(what, send) {
  /** @type {{signature?: import("./signature.js").Signature}} */
  let signature = {};
  for (;;) {
    try {
      return await send(signature);
    } catch (error) {
      const status = error instanceof Problem ? error.status : 0;
      const wrong = status === 428 ? "" : explain(error);
      // A mistyped password is no reason to begin again.
      const isAskedAgain = status === 428 || ("signature" in signature && (status === 401 || status === 403));
      const signed = isAskedAgain ? await askSignature(what, wrong) : null;
      if (signed === null) {
        return null;
      }
      signature = { signature: signed };
    }
  }
}

/**
 * Does something and says how it went.
 * @param {object} operation
 * @param {{reason?: string | null | undefined, says: string, done?: string}} how
 * @returns {Promise<Done | null>} null when it was not done
 */
export async function perform(operation, how) {
  const reason = how.reason == null ? {} : { reason: how.reason };
  const asked = { request_id: newRequestId(), entry: "scan", operation, ...reason };
  const done = await withSignature(how.says, (signature) => api.operate({ ...asked, ...signature }));
  if (done !== null) {
    announce("ok", how.done ?? t("work.done"), how.says);
  }
  return done;
}

/** A field for codes that cannot be scanned. @param {(text: string) => unknown} take @param {boolean} [isOpen] */
export function typedField(take, isOpen = false) {
  const code = field({
    label: t("work.typed"),
    name: "code",
    type: "text",
    value: "",
    hint: t("work.typed_hint"),
    maxlength: 500,
  });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = code.input.value.trim();
    if (text !== "") {
      code.input.value = "";
      void take(text);
    }
  };
  const form = h(
    "form",
    { class: "row typed", onsubmit: submit },
    code.element,
    button({ text: t("work.typed_go"), kind: "plain", submits: true }),
  );
  return isOpen ? form : h("details", { class: "folded" }, h("summary", {}, t("work.typed")), form);
}
