/** What a supervisor looks after: containers that are not complete, units in nothing, lots on hold, events that wait. */

import { Screen, api, button, card, explain, h, heading, linkTo, reasonWords, t, time } from "../work/desk.js";
import { objectLine } from "../work/parts.js";
import { lotLine, lots } from "./lot.js";

/** @typedef {import("../work/desk.js").Parked} Parked */

const SHOWN_AT_FIRST = 8;
const PARTS = /** @type {const} */ (["broken", "closed_partial", "open", "orphans", "held_lots", "parked"]);

/**
 * One list: its lines, and whether there are more than were asked for.
 * @typedef {{lines: HTMLElement[], more: boolean}} List
 */

/** `#/supervisor` */
export class SupervisorScreen extends Screen {
  async start() {
    this.show(heading(t("supervisor.title"), t("supervisor.lead")), h("p", {}, t("work.loading")));
    const lists = await Promise.all(PARTS.map((part) => this.load(part)));
    // What there is to do comes first, each in the order of its weight.
    const cards = PARTS.map((part, index) => ({ part, list: lists[index] ?? { lines: [], more: false } }))
      .sort((one, other) => Number(one.list.lines.length === 0) - Number(other.list.lines.length === 0))
      .map(({ part, list }) => this.cardOf(part, list));
    this.show(
      heading(t("supervisor.title"), t("supervisor.lead")),
      lists.every((list) => list.lines.length === 0)
        ? h("p", { class: "note is-ok" }, `\u2713 ${t("supervisor.clean")}`)
        : null,
      h("div", { class: "flowing" }, ...cards),
    );
  }

  /** @param {typeof PARTS[number]} part @returns {Promise<List>} */
  async load(part) {
    try {
      if (part === "parked") {
        return { lines: (await api.parked()).map(parkedLine), more: false };
      }
      if (part === "held_lots") {
        return { lines: (await lots()).filter((lot) => lot.held).map(lotLine), more: false };
      }
      const page = part === "orphans" ? await api.orphans("") : await api.containers(part, "");
      return {
        lines: page.objects.map((id) => objectLine({ id, level: "unknown" }, this.close(part, id))),
        more: page.next !== null,
      };
    } catch (problem) {
      explain(problem);
      return { lines: [], more: false };
    }
  }

  /** @param {string} part @param {string} id */
  close(part, id) {
    return part === "broken" || part === "open"
      ? linkTo(`#/do/close?id=${encodeURIComponent(id)}`, t("deed.close"), "button is-small")
      : null;
  }

  /** @param {typeof PARTS[number]} part @param {List} list */
  cardOf(part, list) {
    const kind = list.lines.length === 0 ? "ok" : part === "broken" || part === "held_lots" ? "stop" : "warning";
    const number = `${list.lines.length}${list.more ? "+" : ""}`;
    const lines = h("ul", { class: "lines" }, ...list.lines.slice(0, SHOWN_AT_FIRST));
    const rest = list.lines.slice(SHOWN_AT_FIRST);
    const more = button({
      text: `${t("work.more")} (${rest.length})`,
      kind: "quiet",
      press: () => {
        lines.append(...rest);
        more.remove();
      },
    });
    return card(
      { title: t(`supervisor.${part}`), number, kind },
      h("p", { class: "quiet" }, t(`supervisor.${part}.hint`)),
      lines,
      rest.length === 0 ? null : more,
    );
  }
}

/** @param {Parked} parked */
function parkedLine(parked) {
  const about = t("supervisor.waits", {
    operation: t(`operation.${parked.operation}`),
    time: time(parked.time),
    until: time(parked.until),
  });
  return h(
    "li",
    { class: "line" },
    h("span", { class: "line-main" }, about),
    h("span", { class: "quiet" }, t("supervisor.because", { reasons: parked.reasons.map(reasonWords).join("; ") })),
  );
}
