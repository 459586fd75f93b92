/** Every fact as it becomes durable. The browser resumes by itself after the last that it saw, so nothing is missed. */

import { Screen, api, button, h, heading, t } from "../work/desk.js";
import { factLine } from "../work/parts.js";

/** @typedef {import("../work/desk.js").Fact} Fact */

const SHOWN_MAX = 100;
const SHOWN_AT_FIRST = 10;
const MINUTE = 60_000;

/** `#/feed` */
export class FeedScreen extends Screen {
  /** @type {EventSource | null} */
  source = null;
  /** @type {Fact[]} */
  waiting = [];
  /** When the facts of the last minute came. @type {number[]} */
  times = [];
  isPaused = false;
  lines = h("ul", { class: "lines timeline" });
  status = h("span", { class: "badge", role: "status" });
  rate = h("span", { class: "number" }, "0");
  pause = button({ text: "", kind: "plain", press: () => this.toggle() });
  /** @type {number | undefined} */
  timer = undefined;

  async start() {
    this.lines.replaceChildren(h("li", { class: "quiet" }, t("feed.waiting")));
    this.say("information", t("feed.connecting"));
    this.label();
    this.show(
      heading(t("feed.title"), t("feed.lead")),
      h(
        "div",
        { class: "row is-spread" },
        h("p", { class: "figure" }, this.rate, ` ${t("feed.per_minute")}`),
        this.status,
        this.pause,
      ),
      this.lines,
    );
    this.source = api.feed(await this.from());
    this.source.addEventListener("open", () => this.say("ok", t("feed.live")));
    this.source.addEventListener("error", () => this.say("warning", t("feed.lost")));
    this.source.addEventListener("fact", (event) => this.take(JSON.parse(/** @type {MessageEvent} */ (event).data)));
    this.timer = window.setInterval(() => this.count(), 1000);
  }

  /** A page full of what was just before, so that it is not empty on a quiet day. */
  async from() {
    try {
      return Math.max(0, (await api.statistics()).facts - SHOWN_AT_FIRST);
    } catch {
      return null;
    }
  }

  stop() {
    this.source?.close();
    this.source = null;
    window.clearInterval(this.timer);
  }

  /** @param {"ok" | "warning" | "information"} kind @param {string} text */
  say(kind, text) {
    this.status.className = `badge is-${kind}`;
    this.status.textContent = `${{ ok: "\u25cf", warning: "!", information: "\u2026" }[kind]} ${text}`;
  }

  /** @param {Fact} fact */
  take(fact) {
    this.times.push(Date.now());
    this.waiting.push(fact);
    // Whoever reads a page that stands still needs no more than it shows.
    this.waiting.splice(0, this.waiting.length - SHOWN_MAX);
    if (!this.isPaused) {
      this.flush();
    }
    this.label();
  }

  flush() {
    if (this.waiting.length === 0) {
      return;
    }
    this.lines.querySelector("li.quiet")?.remove();
    this.lines.prepend(
      ...this.waiting
        .splice(0)
        .reverse()
        .map((fact) => factLine(fact)),
    );
    while (this.lines.children.length > SHOWN_MAX) {
      this.lines.lastElementChild?.remove();
    }
  }

  count() {
    const since = Date.now() - MINUTE;
    this.times = this.times.filter((at) => since <= at);
    this.rate.textContent = String(this.times.length);
  }

  toggle() {
    this.isPaused = !this.isPaused;
    if (!this.isPaused) {
      this.flush();
    }
    this.label();
  }

  label() {
    const waits =
      this.isPaused && this.waiting.length > 0 ? ` \u2013 ${t("feed.paused", { n: this.waiting.length })}` : "";
    this.pause.textContent = t(this.isPaused ? "feed.go" : "feed.pause") + waits;
  }
}
