/** Finding: where a unit, a container or a lot is, from a scan or from typed text. */

import {
  Screen,
  api,
  bigNumber,
  button,
  card,
  day,
  explain,
  go,
  h,
  heading,
  identifier,
  linkTo,
  say,
  spoken,
  t,
  typedField,
} from "../work/desk.js";
import { breadcrumb, factLine, lotOf, objectLine, stateWords, unitWords } from "../work/parts.js";

/** @typedef {import("../work/desk.js").ScanAnswer} ScanAnswer */
/** @typedef {import("../work/desk.js").Inspection} Inspection */

/** @param {string} number @param {string | null} expiry */
function lotTitle(number, expiry) {
  const title = t("lot.title", { lot: number });
  return expiry === null ? title : `${title}, ${t("find.expires", { date: day(expiry) })}`;
}

/** What the number of children says. @param {Inspection} object */
function inWords(object) {
  const units = object.units === object.children ? "" : `, ${unitWords(object.units)}`;
  return `${t("find.in_it")}${units}`;
}

/** `#/find?text=...` */
export class FindScreen extends Screen {
  /** @type {ScanAnswer | null} */
  answer = null;

  async start() {
    this.answer = null;
    this.draw();
    const text = this.query.get("text");
    if (text !== null) {
      await this.take(text, true);
    }
  }

  draw() {
    const { answer } = this;
    this.show(
      heading(t("find.title"), t("find.lead")),
      typedField((text) => this.take(text, true), true),
      answer?.problem != null
        ? h("p", { class: "note is-stop" }, `\u2715 ${spoken(answer.problem)}`)
        : null,
      answer !== null && answer.reading.candidates.length > 1 ? this.candidates(answer.reading.candidates) : null,
      answer?.object != null ? this.object(answer.object, answer) : null,
      answer === null ? h("p", {}, linkTo("#/lots", t("find.all_lots"))) : null,
    );
  }

  /** @param {string[]} ids */
  candidates(ids) {
    return card(
      { title: t("find.candidates") },
      h(
        "ul",
        { class: "lines" },
        ...ids.map((id) =>
          objectLine(
            { id, level: "unknown" },
            button({ text: t("work.open"), kind: "plain", small: true, about: id, press: () => this.take(id, true) }),
          ),
        ),
      ),
    );
  }

  /** @param {Inspection} object @param {ScanAnswer} answer */
  object(object, answer) {
    const id = encodeURIComponent(object.id);
    return h(
      "div",
      { class: "stack" },
      card(
        { title: t(`level.${object.level}`), kind: stateWords(object).kind },
        h("p", {}, identifier(object.id)),
        h("p", {}, stateWords(object).text),
        h("h2", {}, t("find.where")),
        object.around.length === 0 ? h("p", { class: "large" }, t("work.loose")) : breadcrumb(object),
        object.children > 0 ? bigNumber(object.children, inWords(object)) : null,
        this.lot(object),
        answer.last === null
          ? null
          : h("div", {}, h("h2", {}, t("find.last")), h("ul", { class: "lines" }, factLine(answer.last))),
      ),
      h(
        "div",
        { class: "row" },
        linkTo(`#/object?id=${id}`, t("work.open"), "button is-main"),
        linkTo(`#/tree?id=${id}`, t("picture.title"), "button"),
        linkTo(`#/history?id=${id}`, t("history.title"), "button"),
      ),
    );
  }

  /** Its lot, with the page of the lot where the identifier tells the product. @param {Inspection} object */
  lot(object) {
    if (object.lot === null) {
      return null;
    }
    const title = lotTitle(object.lot, object.expiry);
    const lot = lotOf(object);
    return h("p", {}, lot === null ? title : linkTo(`#/lot/${lot.gtin}/${encodeURIComponent(lot.number)}`, title));
  }

  /** @param {string} text */
  async scan(text) {
    await this.take(text, false);
    return true;
  }

  /** @param {string} text @param {boolean} typed */
  async take(text, typed) {
    try {
      this.answer = await api.scan(text, typed ? "typed" : "scan");
    } catch (problem) {
      explain(problem);
      return;
    }
    const { reading, object } = this.answer;
    const lot = reading.kind === "lot" ? /^\(01\)(\d{14})\(10\)(.+)$/.exec(reading.id ?? "") : null;
    if (lot !== null) {
      go(`#/lot/${lot[1]}/${encodeURIComponent(lot[2] ?? "")}`);
      return;
    }
    say(object === null ? "stop" : "ok", this.answer);
    this.draw();
  }
}
