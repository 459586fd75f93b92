/** One screen for everything that is done to objects without a second one: hold, sample, destroy, close, ship and the like. */

import { CHOICES, deedOf } from "../work/deeds.js";
import {
  Screen,
  addressOf,
  announce,
  button,
  card,
  goInPlace,
  h,
  heading,
  holdButton,
  identify,
  perform,
  spoken,
  t,
  typedField,
} from "../work/desk.js";
import { countWords, lotOf, lotText, lotWords, objectLine } from "../work/parts.js";
import { reasonTiles } from "../work/reason-tiles.js";
import { Unfinished, inTurn } from "../work/unfinished.js";

/** @typedef {import("../work/deeds.js").Deed} Deed */
/** @typedef {import("../work/desk.js").Inspection} Inspection */

/** `#/do/hold?id=...` */
export class DeedScreen extends Screen {
  /** @type {Deed | undefined} */
  deed = undefined;
  /** @type {Map<string, Inspection>} */
  objects = new Map();
  choice = "";
  /** @type {string | null} */
  reason = null;
  /** Whether what is taken comes from a scan, and not from a link that a finger may have touched. */
  isScanned = false;

  /** @type {Unfinished<string[]>} */
  unfinished = new Unfinished("");
  turn = inTurn();

  start() {
    this.deed = deedOf(this.path[0] ?? "");
    this.choice = this.deed?.choice == null ? "" : (CHOICES[this.deed.choice][0] ?? "");
    this.draw();
    return this.turn(() => this.begin());
  }

  stop() {
    this.unfinished.close();
  }

  /** Whoever goes elsewhere has given it up: nothing of it was recorded. */
  leave() {
    void this.unfinished.forget();
  }

  /** What was on the list when the screen was locked is asked about again: it may have changed meanwhile. */
  async begin() {
    this.unfinished = new Unfinished(`do/${this.path[0] ?? ""}`);
    const kept = (await this.unfinished.open()) ?? [];
    if (!this.isConnected) {
      return;
    }
    const linked = this.query.getAll("id");
    const goesOn = linked.every((id) => kept.includes(id));
    for (const id of goesOn ? kept : linked) {
      await this.take(id, false);
    }
    if (goesOn && linked.length < kept.length) {
      this.unfinished.sayItGoesOn();
    }
    this.isScanned = true;
  }

  draw() {
    const deed = this.deed;
    if (deed === undefined) {
      this.show(heading(t("work.nothing"), ""));
      return;
    }
    const isReady = this.objects.size > 0;
    this.show(
      heading(t(`deed.${deed.action}`), t(`deed.${deed.action}.hint`)),
      isReady ? this.list() : h("p", { class: "ask", role: "status" }, t("deed.scan")),
      isReady ? this.choices(deed) : null,
      isReady && deed.reason ? reasonTiles(deed.action, this.reason, (reason) => this.choose(reason)) : null,
      isReady ? this.button(deed) : null,
      typedField((text) => this.turn(() => this.take(text, true))),
    );
  }

  list() {
    const rows = [...this.objects.values()].map((object) =>
      objectLine(
        object,
        h(
          "span",
          { class: "quiet" },
          [countWords(object), lotWords(object)].filter((part) => part !== "").join(" \u00b7 "),
        ),
        button({
          text: t("work.remove"),
          kind: "quiet",
          small: true,
          about: object.id,
          press: () => {
            this.objects.delete(object.id);
            this.draw();
            void this.unfinished.keep([...this.objects.keys()]);
          },
        }),
      ),
    );
    return card({ title: t("work.count", { n: this.objects.size }) }, h("ul", { class: "lines" }, ...rows));
  }

  /** @param {Deed} deed */
  choices(deed) {
    const lots = new Set([...this.objects.values()].map((object) => lotOf(object)).map((lot) => lot && lotText(lot)));
    const [lot = null] = lots;
    const isContainer = [...this.objects.values()].some((object) => object.children > 0);
    if (
      deed.choice === null ||
      (deed.choice === "lot" && (lots.size !== 1 || lot === null)) ||
      (deed.choice === "contents" && !isContainer)
    ) {
      return null;
    }
    return h(
      "div",
      { class: "segments", role: "radiogroup", "aria-label": t("work.consequences") },
      ...CHOICES[deed.choice].map((choice) =>
        h(
          "label",
          { class: "segment" },
          h("input", {
            type: "radio",
            name: "choice",
            value: choice,
            checked: choice === this.choice,
            onchange: () => {
              this.choice = choice;
              this.draw();
            },
          }),
          choice === "lot" ? t("deed.whole_lot", { lot: lot ?? "" }) : t(`deed.choice.${choice}`),
        ),
      ),
    );
  }

  /** @param {Deed} deed */
  button(deed) {
    if (deed.reason && this.reason === null) {
      return null;
    }
    const text = t(`deed.${deed.action}`);
    const press = () => void this.act(deed);
    return deed.confirms === "hold"
      ? h(
          "div",
          { class: "stack" },
          h("p", { class: "note is-stop" }, `\u26a0 ${t("deed.final")}`),
          holdButton({ text: t("deed.hold_button", { what: text }), kind: "stop", command: "confirm", press }),
        )
      : button({ text, kind: "main", command: "confirm", press });
  }

  /** @param {string | null} reason */
  choose(reason) {
    this.reason = reason;
    const deed = this.deed;
    this.draw();
    // A reason is the last thing to say where nothing has to be confirmed.
    if (reason !== null && deed !== undefined && deed.confirms === "none") {
      void this.act(deed);
    }
  }

  /** @param {string} text */
  async scan(text) {
    await this.turn(() => this.take(text, false));
    return true;
  }

  /** @param {string} text @param {boolean} typed */
  async take(text, typed) {
    const answer = await identify(text, typed, false);
    const deed = this.deed;
    if (answer === null || answer.object === null || deed === undefined) {
      return;
    }
    if (this.objects.has(answer.id)) {
      announce("double", t(`deed.${deed.action}`), t("deed.on_list"));
      return;
    }
    const action = answer.actions.find((one) => one.action === deed.action);
    if (action !== undefined && !action.allowed && action.why_not !== null) {
      announce("stop", t("work.refused"), spoken(action.why_not));
      return;
    }
    this.objects.set(answer.id, answer.object);
    await this.unfinished.keep([...this.objects.keys()]);
    announce("ok", t("work.scanned"), answer.id);
    this.draw();
    // Where there is nothing more to say, the scan was the deed.
    if (this.isScanned && !deed.reason && deed.confirms === "none" && deed.choice === null) {
      await this.act(deed);
    }
  }

  /** @param {Deed} deed */
  async act(deed) {
    const ids = [...this.objects.keys()];
    const lot = [...this.objects.values()].map(lotOf).find((one) => one !== null) ?? null;
    const operation =
      deed.choice === "lot" && this.choice === "lot" && lot !== null
        ? { type: deed.action, lot: { gtin: lot.gtin, number: lot.number } }
        : deed.operation(ids, this.choice);
    // Whoever signs reads what for, and whoever looks away what it was done to.
    const others = ids.length === 1 ? "" : ` +${ids.length - 1}`;
    const about = "lot" in operation && lot !== null ? lotText(lot) : `${ids[0]}${others}`;
    const done = await perform(operation, {
      reason: this.reason ?? undefined,
      says: `${t(`deed.${deed.action}`)}: ${about}`,
      done: t(`deed.done.${deed.action}`),
    });
    if (done === null) {
      return;
    }
    await this.unfinished.forget();
    const from = this.query.get("id");
    if (from !== null) {
      // Back to the card that it began at, in place of this page: going back must not do it once more.
      goInPlace(addressOf(from));
      return;
    }
    this.objects.clear();
    this.reason = null;
    this.draw();
  }
}
