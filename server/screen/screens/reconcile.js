/**
 * The blind count: scan what is there, then see what is present, missing and unexpected, with something to do about each.
 *
 * What is recorded stays hidden until the count is finished, because whoever knows that there should be 48 counts 48.
 */

import {
  Screen,
  announce,
  api,
  bigNumber,
  button,
  card,
  confirm,
  explain,
  h,
  heading,
  identify,
  linkTo,
  online,
  perform,
  since,
  t,
  typedField,
} from "../work/desk.js";
import { objectLine } from "../work/parts.js";
import { chooseReason } from "../work/reason-tiles.js";
import { Unfinished, inTurn } from "../work/unfinished.js";

/** @typedef {import("../work/desk.js").Reconciliation} Reconciliation */
/** @typedef {Reconciliation["unexpected"][number]} Unexpected */

/**
 * A count that is under way, as this device keeps it.
 * @typedef {{container: string, wasClosed: boolean, counted: string[], unread: string[], isCompared: boolean}} Kept
 */

/** For all of them: the count that goes on is read once the one before is kept. */
const turn = inTurn();

/** `#/reconcile?id=...` */
export class ReconcileScreen extends Screen {
  container = "";
  wasClosed = false;
  /** @type {Set<string>} */
  counted = new Set();
  /** @type {Reconciliation | null} */
  result = null;
  /** What was scanned without a connection, as the scanner sent it. @type {Set<string>} */
  unread = new Set();
  /** What was put right already. @type {Set<string>} */
  settled = new Set();
  /** @type {Unfinished<Kept>} */
  unfinished = new Unfinished("count");

  start() {
    this.draw();
    return turn(() => this.begin());
  }

  /** Whoever scanned and went at once has that scan in the count too. */
  stop() {
    void turn(async () => this.unfinished.close());
  }

  /** A count goes on, wherever the person was meanwhile, until it is compared or another one is wanted. */
  async begin() {
    const kept = await this.unfinished.open();
    const id = this.query.get("id");
    const goesOn = kept !== null && (id === null || id === kept.container || !(await this.wantsOther(kept)));
    if (!this.isConnected) {
      return;
    }
    if (goesOn) {
      await this.goOn(kept);
    } else if (id !== null) {
      await this.take(id, false);
    }
  }

  /** @param {Kept} kept */
  wantsOther({ counted, container }) {
    const sentence = t("reconcile.drop_sentence", {
      n: counted.length,
      container,
      time: since(this.unfinished.begunAt),
    });
    return confirm(t("reconcile.drop"), [sentence], t("reconcile.drop_go"));
  }

  /** @param {Kept} kept */
  async goOn({ container, wasClosed, counted, unread, isCompared }) {
    this.container = container;
    this.wasClosed = wasClosed;
    this.counted = new Set(counted);
    this.unread = new Set(unread);
    this.unfinished.sayItGoesOn();
    this.draw();
    if (isCompared && online()) {
      await this.finish();
    }
  }

  /** Keeps how far the count is. What agrees with the record is finished. */
  async remember() {
    if (this.container === "" || (this.result !== null && this.isRight(this.result))) {
      await this.unfinished.forget();
      return;
    }
    await this.unfinished.keep({
      container: this.container,
      wasClosed: this.wasClosed,
      counted: [...this.counted],
      unread: [...this.unread],
      isCompared: this.result !== null,
    });
  }

  /** Whether nothing is left to be put right. @param {Reconciliation} result */
  isRight({ missing, unexpected }) {
    const open = (/** @type {string} */ id) => !this.settled.has(id);
    return !missing.some(open) && !unexpected.some(({ id, found }) => open(id) && found === "elsewhere");
  }

  draw() {
    if (this.container === "") {
      this.show(
        heading(t("reconcile.title"), ""),
        h("p", { class: "ask", role: "status" }, t("reconcile.which")),
        this.typed(),
      );
    } else if (this.result === null) {
      this.show(...this.counting());
    } else {
      this.show(...this.compared(this.result));
    }
  }

  typed() {
    return typedField((text) => turn(() => this.take(text, true)));
  }

  counting() {
    const last = [...this.counted].slice(-3).reverse();
    return [
      heading(t("reconcile.title"), this.container),
      h("p", { class: "ask", role: "status" }, t("reconcile.count")),
      bigNumber(this.counted.size, t("reconcile.counted")),
      this.unfinished.begunAt === ""
        ? null
        : h("p", { class: "quiet" }, t("unfinished.since", { time: since(this.unfinished.begunAt) })),
      h(
        "ul",
        { class: "lines" },
        ...last.map((id) =>
          objectLine(
            { id, level: "unknown" },
            button({
              text: t("work.remove"),
              kind: "quiet",
              small: true,
              about: id,
              press: () => {
                this.counted.delete(id);
                this.unread.delete(id);
                this.draw();
                return this.remember();
              },
            }),
          ),
        ),
      ),
      h("p", { class: "quiet" }, t("reconcile.blind")),
      button({
        text: t("reconcile.finish"),
        kind: "main",
        command: "finish",
        press: () => turn(() => this.finish()),
      }),
      this.typed(),
      button({ text: t("work.again"), kind: "quiet", press: () => this.restart() }),
    ];
  }

  /** @param {Reconciliation} result */
  compared(result) {
    const open = (/** @type {string} */ id) => !this.settled.has(id);
    const missing = result.missing.filter(open);
    const placeable = result.unexpected.filter((one) => one.found === "elsewhere" && open(one.id));
    const agrees = result.missing.length + result.unexpected.length === 0;
    const settled = !agrees && this.isRight(result);
    const all = result.present.length + result.missing.length;
    return [
      heading(t(agrees || settled ? "reconcile.agrees" : "reconcile.differs"), this.container),
      settled ? h("p", { class: "note is-ok" }, `\u2713 ${t("reconcile.all_done")}`) : null,
      this.counted.size === 0 ? h("p", { class: "note is-warning" }, `! ${t("reconcile.nothing_counted")}`) : null,
      result.repeated.length > 0
        ? h("p", { class: "quiet" }, t("reconcile.repeated", { n: result.repeated.length }))
        : null,
      h(
        "div",
        { class: "columns" },
        this.column("stop", t("reconcile.missing"), String(result.missing.length), [
          missing.length > 1 ? this.doAll(t("reconcile.take_out"), () => this.takeOut(missing)) : null,
          ...result.missing.map((id) => this.missingLine(id)),
        ]),
        this.column("warning", t("reconcile.unexpected"), String(result.unexpected.length), [
          placeable.length > 1
            ? this.doAll(t("reconcile.put_in"), () => this.putIn(placeable.map((one) => one.id), result))
            : null,
          ...result.unexpected.map((one) => this.unexpectedLine(one, result)),
        ]),
        card(
          {
            title: `\u2713 ${t("reconcile.present")}`,
            number: t("reconcile.of", { n: result.present.length, all }),
            kind: "ok",
          },
          h(
            "details",
            { class: "folded" },
            h("summary", {}, t("work.more")),
            h("ul", { class: "lines" }, ...result.present.map((id) => objectLine({ id, level: "unknown" }))),
          ),
        ),
      ),
      h(
        "div",
        { class: "row" },
        agrees || settled ? null : button({ text: t("reconcile.recount"), kind: "plain", press: () => this.countOn() }),
        // What was put right in a closed container has broken it.
        settled && this.wasClosed
          ? linkTo(`#/do/close?id=${encodeURIComponent(this.container)}`, t("reconcile.close"), "button is-main")
          : null,
        button({
          text: t("work.next"),
          kind: agrees || (settled && !this.wasClosed) ? "main" : "plain",
          command: "finish",
          press: () => this.restart(),
        }),
      ),
    ];
  }

  /** @param {"stop" | "warning"} kind @param {string} title @param {string} number @param {(Node | null)[]} lines */
  column(kind, title, number, lines) {
    const mark = { stop: "\u2715", warning: "?" }[kind];
    return card({ title: `${mark} ${title}`, number, kind }, h("ul", { class: "lines" }, ...lines));
  }

  /** @param {string} text @param {() => Promise<void>} press */
  doAll(text, press) {
    return h("li", { class: "line is-all" }, button({ text: `${t("work.do_all")}: ${text}`, kind: "plain", press }));
  }

  /** @param {string} id */
  missingLine(id) {
    return objectLine(
      { id, level: "unknown" },
      this.settled.has(id)
        ? h("span", { class: "is-ok" }, `\u2713 ${t("work.done")}`)
        : button({
            text: t("reconcile.take_out"),
            kind: "plain",
            small: true,
            about: id,
            press: () => this.takeOut([id]),
          }),
    );
  }

  /** @param {Unexpected} one @param {Reconciliation} result */
  unexpectedLine(one, result) {
    const parent = one.parent ?? null;
    const where = one.found === "elsewhere" && parent === null ? "loose" : one.found;
    const words = t(`reconcile.found.${where}`, {
      parent: parent ?? "",
      status: t(`status.${one.status ?? "active"}`),
    });
    if (this.settled.has(one.id)) {
      return objectLine({ id: one.id, level: "unknown" }, h("span", { class: "is-ok" }, `\u2713 ${t("work.done")}`));
    }
    const proposal =
      one.found === "elsewhere"
        ? button({
            text: t("reconcile.put_in"),
            kind: "plain",
            small: true,
            about: one.id,
            press: () => this.putIn([one.id], result),
          })
        : h(
            "span",
            { class: "note is-warning" },
            t(one.found === "unknown" ? "reconcile.aside_unknown" : "reconcile.aside_out"),
          );
    return objectLine({ id: one.id, level: "unknown" }, h("span", { class: "quiet" }, words), proposal);
  }

  /** @param {string[]} ids */
  async takeOut(ids) {
    const reason = await chooseReason("missing");
    if (reason === null) {
      return;
    }
    const operation = { type: "unpack", parent: this.container, children: ids, trust: "verified" };
    this.settle(ids, await perform(operation, { reason, says: t("reconcile.take_out") }));
  }

  /**
   * The container is set to what stays in it and these. A move would need it open; what was counted may correct it closed.
   * @param {string[]} ids
   * @param {Reconciliation} result
   */
  async putIn(ids, { present, missing, unexpected }) {
    const stays = [...present, ...missing.filter((id) => !this.settled.has(id))];
    const came = unexpected.map(({ id }) => id).filter((id) => this.settled.has(id) || ids.includes(id));
    const operation = { type: "reset", container: this.container, children: [...stays, ...came] };
    this.settle(ids, await perform(operation, { says: t("reconcile.put_in") }));
  }

  /** @param {string[]} ids @param {unknown} done */
  settle(ids, done) {
    if (done !== null) {
      ids.forEach((id) => this.settled.add(id));
      this.draw();
      void this.remember();
    }
  }

  async finish() {
    try {
      const strange = await this.read();
      this.result = await api.reconcile(
        this.container,
        [...this.counted].filter((id) => !strange.includes(id)),
      );
      this.result.unexpected.push(...strange.map((id) => ({ id, found: /** @type {const} */ ("unknown") })));
    } catch (problem) {
      explain(problem);
      return;
    }
    this.settled.clear();
    const agrees = this.result.missing.length + this.result.unexpected.length === 0;
    announce(agrees ? "ok" : "warning", t(agrees ? "reconcile.agrees" : "reconcile.differs"), this.container);
    this.draw();
    await this.remember();
  }

  /**
   * Reads what was collected without a connection. Answers with what names no object.
   * @returns {Promise<string[]>}
   */
  async read() {
    for (const text of this.unread) {
      const { object, reading } = await api.scan(text, "scan");
      const id = object?.id ?? (reading.kind === "object" ? reading.id : null);
      if (id != null) {
        this.counted.delete(text);
        this.counted.add(id);
        this.unread.delete(text);
      }
    }
    return [...this.unread];
  }

  countOn() {
    this.result = null;
    this.draw();
    return this.remember();
  }

  async restart() {
    this.container = "";
    this.result = null;
    this.counted.clear();
    this.unread.clear();
    this.settled.clear();
    this.draw();
    await this.remember();
  }

  /** @param {string} text */
  async scan(text) {
    await turn(() => this.take(text, false));
    return true;
  }

  /** @param {string} text @param {boolean} typed */
  async take(text, typed) {
    const answer = online() ? await identify(text, typed, true) : null;
    if (answer === null) {
      // A count can be collected without the server, which reads what was scanned once it is asked to compare.
      if (!online() && this.container !== "" && this.result === null) {
        this.unread.add(text.trim());
        await this.count(text.trim());
      } else if (!online()) {
        announce("stop", t("reconcile.title"), t("work.needs_truth"));
      }
      return;
    }
    if (this.container === "" || this.result !== null) {
      if (answer.object === null) {
        announce("stop", t("reconcile.title"), t("rework.misfit.unknown"));
        return;
      }
      await this.restart();
      this.container = answer.id;
      this.wasClosed = answer.object.seal === "closed";
      await this.remember();
      announce("ok", t("work.scanned"), answer.id);
    } else if (answer.id === this.container) {
      announce("warning", t("reconcile.title"), t("reconcile.itself"));
    } else {
      await this.count(answer.id);
    }
    this.draw();
  }

  /** It is kept before it is said that it counts. @param {string} id */
  async count(id) {
    if (this.counted.has(id)) {
      announce("double", t("reconcile.title"), t("deed.on_list"));
      return;
    }
    this.counted.add(id);
    await this.remember();
    announce("ok", String(this.counted.size), id);
    this.draw();
  }
}
