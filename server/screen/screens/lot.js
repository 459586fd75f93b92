/** Lots: all of them, and one with its counts, its hold and its dates. */

import {
  Screen,
  announce,
  api,
  button,
  card,
  day,
  explain,
  field,
  h,
  heading,
  linkTo,
  may,
  number,
  perform,
  t,
} from "../work/desk.js";
import { chooseReason } from "../work/reason-tiles.js";

/** @typedef {import("../work/desk.js").Lot} Lot */

const LOTS_MAX = 1000;
const DATES = /** @type {const} */ (["expiry", "production", "best_before"]);

/** `#/lots` */
export class LotsScreen extends Screen {
  async start() {
    this.show(heading(t("find.lots"), ""), h("p", {}, t("work.loading")));
    try {
      this.show(heading(t("find.lots"), ""), h("ul", { class: "lines" }, ...(await lots()).map(lotLine)));
    } catch (problem) {
      explain(problem);
    }
  }
}

/** All lots that there are, as far as anybody reads a list. @returns {Promise<Lot[]>} */
export async function lots() {
  /** @type {Lot[]} */
  const all = [];
  let cursor = "";
  do {
    const page = await api.lots(cursor);
    all.push(...page.lots);
    cursor = page.next ?? "";
  } while (cursor !== "" && all.length < LOTS_MAX);
  return all;
}

/** @param {string} text */
function isDay(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** @param {Lot} lot */
export function lotLine(lot) {
  return h(
    "li",
    { class: "line" },
    linkTo(`#/lot/${lot.gtin}/${encodeURIComponent(lot.number)}`, t("lot.title", { lot: lot.number }), "line-main"),
    h(
      "span",
      { class: "quiet" },
      t("lot.product", { gtin: lot.gtin }),
      lot.expiry === null ? null : `, ${t("find.expires", { date: day(lot.expiry) })}`,
    ),
    lot.held ? h("span", { class: "badge is-stop" }, `\u2016 ${t("state.held")}`) : null,
  );
}

/** `#/lot/GTIN/NUMBER` */
export class LotScreen extends Screen {
  /** @type {Lot | null} */
  lot = null;

  async start() {
    const [gtin = "", number = ""] = this.path;
    this.show(heading(t("lot.title", { lot: number }), t("lot.product", { gtin })));
    await this.load(gtin, number);
  }

  /** @param {string} gtin @param {string} name */
  async load(gtin, name) {
    try {
      this.lot = await api.lot(gtin, name);
    } catch (problem) {
      explain(problem);
      return;
    }
    const { lot } = this;
    const counts = Object.entries(lot.counts).filter(([, n]) => n > 0);
    this.show(
      heading(t("lot.title", { lot: lot.number }), t("lot.product", { gtin: lot.gtin })),
      h(
        "p",
        { class: `note ${lot.held ? "is-stop" : "is-ok"}` },
        lot.held ? `\u2016 ${t("lot.held")}` : `\u2713 ${t("lot.free")}`,
      ),
      h(
        "dl",
        { class: "figures" },
        ...counts.map(([name, n]) =>
          h(
            "div",
            {},
            h("dd", {}, number(n)),
            h("dt", {}, t(name === "packed" || name === "away" ? `lot.${name}` : `status.${name}`)),
          ),
        ),
      ),
      may(lot.held ? "release" : "hold")
        ? button({
            text: t(lot.held ? "lot.release" : "lot.hold"),
            kind: lot.held ? "main" : "stop",
            press: () => this.hold(lot),
          })
        : null,
      this.dates(lot),
    );
  }

  /** @param {Lot} lot */
  dates(lot) {
    if (!may("correct_lot")) {
      return card({ title: "" }, ...DATES.map((name) => h("p", {}, `${t(`lot.${name}`)}: ${day(lot[name] ?? "\u2013")}`)));
    }
    const fields = DATES.map((name) => {
      const value = lot[name] ?? "";
      // A date may lack its day, as GS1 allows; the browser's field would lose it.
      const type = value === "" || isDay(value) ? "date" : "text";
      return field({ label: t(`lot.${name}`), type, value, name });
    });
    const save = () =>
      this.correct(lot, Object.fromEntries(fields.map(({ input }, index) => [DATES[index] ?? "", input.value])));
    return card(
      { title: t("lot.correct") },
      h("div", { class: "columns" }, ...fields.map((one) => one.element)),
      button({ text: t("lot.save"), kind: "plain", press: save }),
    );
  }

  /** @param {Lot} lot */
  async hold(lot) {
    const type = lot.held ? "release" : "hold";
    const reason = await chooseReason(type);
    if (reason === null) {
      return;
    }
    const operation = { type, lot: { gtin: lot.gtin, number: lot.number } };
    if ((await perform(operation, { reason, says: t(`lot.${type}`), done: t(`deed.done.${type}`) })) !== null) {
      await this.load(lot.gtin, lot.number);
    }
  }

  /** @param {Lot} lot @param {Record<string, string>} values */
  async correct(lot, values) {
    // A correction says all dates of the lot: one that it leaves out is unknown from then on.
    const dates = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
    if (DATES.every((name) => (lot[name] ?? "") === (values[name] ?? ""))) {
      announce("warning", t("lot.correct"), t("lot.unchanged"));
      return;
    }
    const reason = await chooseReason("correct_lot");
    if (reason === null) {
      return;
    }
    const operation = { type: "correct_lot", lot: { gtin: lot.gtin, number: lot.number }, ...dates };
    if ((await perform(operation, { reason, says: t("lot.correct"), done: t("lot.corrected") })) !== null) {
      await this.load(lot.gtin, lot.number);
    }
  }
}
