/**
 * Taking cases off: each scan takes one out of whatever it is in, at once. No pallet is scanned and nothing is
 * confirmed; every scan can be taken back for
 * a while, and goes on being there to see. Several pallets at once are no matter, because the record knows what stands
 * on which.
 */

import { Screen, announce, go, h, isOffline, newRequestId, number, request, spoken, t } from "../shell.js";
import { collect, collected, forget, onOutbox, send } from "../outbox.js";
import { api } from "../work/asked.js";
import { explain, typedField } from "../work/desk.js";
import { button, heading, identifier } from "../work/make.js";
import { Unfinished } from "../work/unfinished.js";

/** How long a scan is easily taken back. Later it is among the last actions. */
const UNDO_MILLISECONDS = 8000;
const ROWS_MAX = 50;

/**
 * @typedef {object} Row
 * @property {string} text as scanned, then the identifier
 * @property {"asking" | "taken" | "refused" | "waiting" | "sent" | "undone"} state
 * @property {string | null} pallet
 * @property {number} fact
 * @property {string} requestId
 * @property {boolean} isSent whether it may have arrived, so that it is the same request or none that is sent again
 * @property {number} until the end of the time in which it is easily taken back
 * @property {string} why
 */

/** @typedef {{id: string, taken: number, left: number | null}} Pallet */
/** What was taken until now, as this device keeps it. @typedef {{rows: Row[], pallets: Pallet[]}} Kept */

/** `#/take-off` */
export class TakeOffScreen extends Screen {
  /** @type {Row[]} */
  rows = [];
  /** @type {Map<string, Pallet>} */
  pallets = new Map();
  /** @type {number | undefined} */
  clock;

  end = () => {};
  /** Made once, because the page is drawn again while somebody types. */
  typed = typedField((text) => this.scan(text, "typed"));

  /** @type {Unfinished<Kept>} */
  unfinished = new Unfinished("take-off");

  async start() {
    const end = onOutbox((entries) => this.follow(entries));
    this.end = () => void end();
    this.clock = window.setInterval(() => this.tick(), 1000);
    this.draw();
    const kept = await this.unfinished.open();
    if (kept !== null && this.isConnected) {
      await this.goOn(kept);
    }
  }

  stop() {
    window.clearInterval(this.clock);
    this.end();
    this.unfinished.close();
  }

  /** The counters are for one going to the pallets. Every scan is recorded already. */
  leave() {
    void this.unfinished.forget();
  }

  /** Shows again what was taken. What was asked and never answered is sent once more, as the same request. @param {Kept} kept */
  async goOn({ rows, pallets }) {
    const unanswered = rows.filter(({ state }) => state === "asking");
    for (const row of unanswered) {
      row.state = row.isSent ? "waiting" : "refused";
      row.why = row.isSent ? "" : t("take_off.not_recorded");
      if (row.isSent) {
        await collect("unpack", row.text, "scan", row.requestId);
      }
    }
    this.rows.push(...rows.map((row) => ({ ...row, until: 0 })));
    this.pallets = new Map([...pallets.map((one) => /** @type {const} */ ([one.id, one])), ...this.pallets]);
    this.unfinished.sayItGoesOn();
    this.follow(collected());
    await send();
  }

  async remember() {
    await this.unfinished.keep({ rows: this.rows.slice(0, ROWS_MAX), pallets: [...this.pallets.values()] });
  }

  tick() {
    if (this.rows.some(({ state, until }) => state !== "asking" && 0 < until && until + 1000 >= performance.now())) {
      this.draw();
    }
  }

  draw() {
    const taken = this.rows.filter(({ state }) => ["taken", "waiting", "sent"].includes(state)).length;
    this.show(
      heading(t("take_off.title"), t("take_off.lead")),
      this.pallets.size === 0
        ? h("p", { class: "ask" }, taken === 0 ? t("take_off.scan") : t("take_off.word", { n: taken }))
        : h("div", { class: "columns" }, ...[...this.pallets.values()].map(counter)),
      h("ul", { class: "lines taken" }, ...this.rows.slice(0, ROWS_MAX).map((row) => this.line(row))),
      this.typed,
    );
  }

  /** @param {Row} row */
  line(row) {
    const left = Math.ceil((row.until - performance.now()) / 1000);
    const kind = {
      asking: "information",
      taken: "ok",
      refused: "stop",
      waiting: "warning",
      sent: "ok",
      undone: "information",
    }[row.state];
    const sign = {
      asking: "\u2026",
      taken: "\u2713",
      refused: "\u2715",
      waiting: "!",
      sent: "\u2713",
      undone: "\u21b6",
    }[row.state];
    return h(
      "li",
      { class: `line is-${row.state}` },
      h("span", { class: `badge is-${kind}` }, `${sign} ${t(`take_off.state.${row.state}`)}`),
      h("span", { class: "line-main" }, identifier(row.text)),
      row.why === "" ? null : h("p", { class: "note is-stop" }, row.why),
      0 < left && (row.state === "taken" || row.state === "waiting")
        ? h(
            "span",
            { class: "undo-bar" },
            button({
              text: t("take_off.undo", { n: left }),
              kind: "plain",
              small: true,
              about: row.text,
              press: () => this.undo(row),
            }),
          )
        : null,
    );
  }

  /** @param {string} command */
  command(command) {
    if (command === "undo") {
      const row = this.rows.find(
        ({ state, until }) => (state === "taken" || state === "waiting") && performance.now() < until,
      );
      if (row !== undefined) {
        void this.undo(row);
        return true;
      }
    }
    if (command === "finish") {
      go("#/");
      return true;
    }
    return false;
  }

  /** @param {string} text @param {"scan" | "typed"} entry */
  async scan(text, entry) {
    /** @type {Row} */
    const row = {
      text,
      state: "asking",
      pallet: null,
      fact: 0,
      requestId: newRequestId(),
      isSent: false,
      until: 0,
      why: "",
    };
    this.rows.unshift(row);
    this.draw();
    void this.take(row, text, entry);
    return true;
  }

  /** @param {Row} row @param {string} text @param {"scan" | "typed"} entry */
  async take(row, text, entry) {
    try {
      const { object, problem } = await api.scan(text, entry);
      if (object === null || object.parent === null) {
        row.state = "refused";
        row.why =
          object === null
            ? problem === null
              ? t("outbox.no_object")
              : spoken(problem)
            : t(object.level === "pallet" ? "take_off.outermost" : "take_off.loose");
        // Why stands in the line.
        announce("stop", t("take_off.state.refused"), row.text);
        this.draw();
        await this.remember();
        return;
      }
      row.text = object.id;
      row.pallet = object.parent;
      row.isSent = true;
      void this.remember();
      const done = await api.operate({
        request_id: row.requestId,
        entry,
        operation: { type: "unpack", children: [object.id] },
      });
      row.fact = done.fact;
      row.state = "taken";
      row.until = performance.now() + UNDO_MILLISECONDS;
      await this.count(object.parent, 1);
    } catch (error) {
      await this.failed(row, text, entry, error);
    }
    this.draw();
    await this.remember();
  }

  /** @param {Row} row @param {string} text @param {"scan" | "typed"} entry @param {unknown} error */
  async failed(row, text, entry, error) {
    if (isOffline(error)) {
      // The request may have arrived, so it keeps its id.
      await collect("unpack", text, entry, row.requestId);
      row.state = "waiting";
      row.until = performance.now() + UNDO_MILLISECONDS;
      announce("warning", t("take_off.kept"), t("take_off.kept_sentence"));
      return;
    }
    row.state = "refused";
    explain(error);
  }

  /** What was kept has been sent, or was refused then. @param {import("../outbox.js").Collected[]} entries */
  follow(entries) {
    const kept = new Map(entries.map((one) => [one.request_id, one]));
    for (const row of this.rows.filter(({ state }) => state === "waiting")) {
      const one = kept.get(row.requestId);
      if (one === undefined || one.refused !== null) {
        row.state = one === undefined ? "sent" : "refused";
        row.why = one?.refused ?? "";
        row.until = 0;
      }
    }
    this.draw();
  }

  /** Brings the counter of a pallet up to date and says it. @param {string} id @param {1 | -1} step */
  async count(id, step) {
    const pallet = this.pallets.get(id) ?? { id, taken: 0, left: null };
    pallet.taken += step;
    this.pallets.set(id, pallet);
    announce("ok", step === 1 ? t("take_off.word", { n: pallet.taken }) : t("take_off.state.undone"), id);
    this.draw();
    try {
      const { children } = await request("GET", `/v1/objects/${encodeURIComponent(id)}`);
      pallet.left = children;
    } catch {
      // The number is for orientation; without it the taking goes on.
      pallet.left = null;
    }
  }

  /** @param {Row} row */
  async undo(row) {
    row.until = 0;
    try {
      if (row.state === "waiting") {
        // First the state: what leaves the store while it waits counts as sent.
        row.state = "undone";
        await forget(row.requestId);
        announce("ok", t("take_off.state.undone"), row.text);
      } else {
        await api.undo(row.fact, { request_id: newRequestId(), reason: t("take_off.undo_reason") });
        row.state = "undone";
        await this.count(row.pallet ?? "", -1);
      }
    } catch (error) {
      explain(error);
    }
    this.draw();
    await this.remember();
  }
}

/** @param {Pallet} pallet */
function counter({ id, taken, left }) {
  return h(
    "section",
    { class: "card is-ok" },
    h("h2", {}, identifier(id)),
    h(
      "dl",
      { class: "figures" },
      h("div", {}, h("dt", {}, t("take_off.taken")), h("dd", {}, number(taken))),
      h("div", {}, h("dt", {}, t("take_off.left")), h("dd", {}, left === null ? "\u2013" : number(left))),
    ),
  );
}
