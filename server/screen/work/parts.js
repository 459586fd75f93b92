/** Parts that several screens are made of: a line for an object, a line for a fact, where something is, in what state. */

import { h, number, reasonWords, t, time } from "../shell.js";
import { idParts, identifier } from "./make.js";

/** @typedef {import("./asked.js").Inspection} Inspection */
/** @typedef {import("./asked.js").Fact} Fact */
/** @typedef {import("./asked.js").Change} Change */

/** Objects that a sentence of a change spells out. */
const SPELLED_OUT_MAX = 3;
/** From this delay on it is said when a fact was recorded, beside when it happened. */
const LATE_MILLISECONDS = 60_000;
/** A bracketed identifier inside a sentence; a comma behind it belongs to the sentence. */
const IDENTIFIER = /(\((?:00|01|253|255|8003|8004)\)[^\s,]*[^\s,.:;])/;

/** The page that says where an object is. @param {string} id */
function whereabouts(id) {
  return `#/find?text=${encodeURIComponent(id)}`;
}

/**
 * One object as a line of a list. Where its parent is known, that is said too.
 * @param {{id: string, level: string, parent?: string | null | undefined}} object
 * @param {...(Node | null)} more
 */
export function objectLine(object, ...more) {
  const level = object.level === "unknown" ? null : h("span", { class: "quiet" }, t(`level.${object.level}`));
  const parent =
    object.parent === undefined
      ? null
      : h(
          "span",
          { class: "quiet" },
          ...(object.parent === null ? [t("work.loose")] : [`${t("work.inside")} `, identifier(object.parent)]),
        );
  return h("li", { class: "line" }, identifier(object.id, whereabouts(object.id)), level, parent, ...more);
}

/** How many are in it, in words. @param {Inspection} object */
export function countWords(object) {
  if (object.children === 0) {
    return "";
  }
  const units = object.units === object.children ? "" : `, ${unitWords(object.units)}`;
  return `${t("deed.below", { n: number(object.children) })}${units}`;
}

/** @param {number} units */
export function unitWords(units) {
  return `${number(units)} ${t("levels.unit", { n: units })}`;
}

/** Its lot in words. @param {Inspection} object */
export function lotWords(object) {
  return object.lot ?? "";
}

/**
 * The name of its lot: the number belongs to the product that its identifier tells. Null where that tells none.
 * @param {Inspection} object
 * @returns {import("./asked.js").LotName | null}
 */
export function lotOf(object) {
  const gtin = /^\(01\)(\d{14})/.exec(object.id)?.[1];
  return gtin === undefined || object.lot === null ? null : { gtin, number: object.lot };
}

/** Its name as the element string of a label has it. @param {import("./asked.js").LotName} lot */
export function lotText(lot) {
  return `(01)${lot.gtin}(10)${lot.number}`;
}

/**
 * The state of an object in words, and how grave it is.
 * @param {Inspection} object
 * @returns {{text: string, kind: "ok" | "warning" | "stop"}}
 */
export function stateWords(object) {
  if (object.status !== "active") {
    return { text: `\u2715 ${t(`status.${object.status}`)}`, kind: "stop" };
  }
  if (object.held_by !== null || object.lot_on_hold) {
    return { text: `\u2016 ${t("state.held")}`, kind: "stop" };
  }
  if (object.away) {
    return { text: `\u2197 ${t("state.away")}`, kind: "warning" };
  }
  if (object.level === "unit") {
    return { text: `\u2713 ${t("status.active")}`, kind: "ok" };
  }
  return object.seal === "broken"
    ? { text: `\u26a0 ${t("seal.broken")}`, kind: "warning" }
    : { text: `\u2713 ${t(`seal.${object.seal}`)}`, kind: "ok" };
}

/** What is around it, the outermost first. @param {Inspection} object */
export function breadcrumb(object) {
  const steps = [...object.around, { id: object.id, level: object.level }];
  return h(
    "ol",
    { class: "around" },
    ...steps.map((step, index) =>
      h(
        "li",
        index === steps.length - 1 ? { "aria-current": "location" } : {},
        h("span", { class: "quiet" }, t(`level.${step.level}`)),
        h("a", { class: "identifier", href: whereabouts(step.id) }, ...idParts(step.id)),
      ),
    ),
  );
}

/**
 * A fact as an entry of a timeline.
 * @param {Fact} fact
 * @param {...(Node | null)} more
 */
export function factLine(fact, ...more) {
  const about = [
    fact.actor,
    fact.role == null ? "" : t("history.as", { role: t(`role.${fact.role}`) }),
    // Whoever names no station works at one of their own name.
    fact.station == null || fact.station === fact.actor ? "" : t("history.station", { station: fact.station }),
    fact.entry == null ? "" : t(`history.entry.${fact.entry}`),
    // Recorded long after it happened is what an auditor looks for.
    Math.abs(Date.parse(fact.recorded_at) - Date.parse(fact.time)) < LATE_MILLISECONDS
      ? ""
      : t("history.recorded", { time: time(fact.recorded_at) }),
  ];
  const moment = h("time", { datetime: fact.time }, time(fact.time));
  return h(
    "li",
    { class: "line fact" },
    h(
      "p",
      { class: "fact-head" },
      h("strong", {}, t(`operation.${fact.operation}`)),
      " ",
      moment,
      h("span", { class: "quiet" }, ` #${fact.fact}`),
    ),
    h("p", { class: "quiet" }, about.filter((part) => part !== "" && part != null).join(", ")),
    fact.reason == null ? null : h("p", {}, t("history.reason", { reason: fact.reason })),
    fact.note == null ? null : noteOf(fact.note),
    fact.via_container === true ? h("p", { class: "quiet" }, t("history.via")) : null,
    changesList(fact.changes),
    ...more,
  );
}

/** What came with a fact: in words as it is, of a document what it says beside. @param {string} note */
function noteOf(note) {
  /** @type {unknown} */
  let said;
  try {
    said = JSON.parse(note);
  } catch {
    said = null;
  }
  if (said === null || typeof said !== "object") {
    return h("p", {}, t("history.note", { note }));
  }
  const lines = Object.entries(said).map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, typeof value === "string" ? value : JSON.stringify(value))),
  );
  return h(
    "details",
    { class: "folded" },
    h("summary", {}, t("history.document")),
    h("dl", { class: "facts" }, ...lines),
  );
}

/** What changed, a line each. @param {Change[]} changes */
export function changesList(changes) {
  return h(
    "ul",
    { class: "changes" },
    ...changes.map((change) => h("li", {}, ...withIdentifiers(changeWords(change)))),
  );
}

/** A sentence with the identifiers in it made readable. @param {string} sentence */
export function withIdentifiers(sentence) {
  return sentence.split(IDENTIFIER).map((part, index) => (index % 2 === 0 ? part : identifier(part)));
}

/** @param {Change} change */
function changeWords(change) {
  const objects = change.objects ?? [];
  const named = objects.slice(0, SPELLED_OUT_MAX).join(", ");
  const rest = objects.length - SPELLED_OUT_MAX;
  const values = {
    objects: 0 < rest ? t("change.more", { named, n: rest }) : named,
    parent: change.parent ?? "",
    lot: change.lot?.number ?? "",
    now: nowWords(change),
  };
  return t(change.what === "noted" && change.now === "late" ? "change.late" : `change.${change.what}`, values);
}

/** @param {Change} change */
function nowWords(change) {
  const now = change.now ?? "";
  const list = {
    seal: "seal",
    status: "status",
    level: "level",
    commissioned: "level",
    sighted: "level",
    described: "level",
  }[change.what];
  if (list !== undefined) {
    return t(`${list}.${now.replaceAll(" ", "_")}`);
  }
  if (change.what === "hold" || change.what === "lot_hold") {
    return t(now === "true" ? "deed.done.hold" : "deed.done.release");
  }
  switch (change.what) {
    case "away":
      return t(now === "true" ? "state.away" : "state.here");
    case "parked":
      return now.split(", ").map(reasonWords).join("; ");
    case "unparked":
      return t(`change.end.${now}`);
    case "signed":
      return now.replace(/\((\w+)\)$/, (_, role) => `(${t(`role.${role}`)})`);
    case "lot":
      return now.replace(/expiry|production|best before|no dates/g, (date) => t(`lot.${date.replace(" ", "_")}`));
    default:
      return now;
  }
}
