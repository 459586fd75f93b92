/** Parts that several screens are made of: a line for an object, a line for a fact, where something is, in what state. */

import { h, t, time } from "../shell.js";
import { idParts, identifier } from "./make.js";

/** @typedef {import("./asked.js").Inspection} Inspection */
/** @typedef {import("./asked.js").Fact} Fact */

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
  const units = object.units === object.children ? "" : `, ${object.units.toLocaleString()} ${t("levels.unit")}`;
  return t("deed.below", { n: `${object.children.toLocaleString()}${units}` });
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
    return { text: `\u23f8 ${t("state.held")}`, kind: "stop" };
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
    fact.station == null ? "" : t("history.station", { station: fact.station }),
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
    fact.note == null ? null : h("p", {}, t("history.note", { note: fact.note })),
    fact.via_container === true ? h("p", { class: "quiet" }, t("history.via")) : null,
    changesList(fact.changes),
    ...more,
  );
}

/**
 * What changed, a line each: sentences as the server says them, or made of the elementary change.
 * @param {Fact["changes"]} changes
 */
export function changesList(changes) {
  return h(
    "ul",
    { class: "changes" },
    ...changes.map((change) =>
      h("li", {}, ...withIdentifiers(typeof change === "string" ? change : changeWords(change))),
    ),
  );
}

/** A sentence with the identifiers in it made readable. @param {string} sentence */
function withIdentifiers(sentence) {
  return sentence.split(IDENTIFIER).map((part, index) => (index % 2 === 0 ? part : identifier(part)));
}

/** @param {Exclude<Fact["changes"][number], string>} change */
function changeWords(change) {
  const objects = change.objects ?? [];
  const named = objects.slice(0, SPELLED_OUT_MAX).join(", ");
  const rest = objects.length - SPELLED_OUT_MAX;
  const values = {
    objects: 0 < rest ? t("change.more", { named, n: rest }) : named,
    parent: change.parent ?? "",
    now: nowWords(change),
  };
  return t(`change.${change.what}`, values);
}

/** @param {Exclude<Fact["changes"][number], string>} change */
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
  return change.what === "away" ? t(now === "true" ? "state.away" : "state.here") : now;
}
