/** What is not sent yet, and what the server refused: every line with what was scanned, when, and why not. */

import { Screen, h, t, time } from "../shell.js";
import { collected, forget, onOutbox, send } from "../outbox.js";
import { button, heading } from "../work/make.js";

/** `#/outbox` */
export class OutboxScreen extends Screen {
  end = () => {};

  start() {
    const end = onOutbox(() => this.draw());
    this.end = () => void end();
  }

  stop() {
    this.end();
  }

  draw() {
    const lines = collected().map((one) =>
      h(
        "li",
        { class: "line" },
        h("span", { class: "identifier line-main" }, one.text),
        h("span", { class: "quiet" }, `${t(`outbox.type.${one.type}`)}, ${time(one.event_time)}, ${one.user}`),
        one.refused === null
          ? h("span", { class: "badge is-warning" }, `! ${t("outbox.waiting")}`)
          : h("p", { class: "note is-stop" }, `\u2715 ${one.refused}`),
        one.refused === null
          ? null
          : button({
              text: t("outbox.seen"),
              kind: "plain",
              small: true,
              about: one.text,
              press: () => forget(one.request_id),
            }),
      ),
    );
    this.show(
      heading(t("outbox.title"), t("outbox.lead")),
      lines.length === 0
        ? h("p", { class: "note is-ok" }, `\u2713 ${t("outbox.empty")}`)
        : h("ul", { class: "lines" }, ...lines),
      lines.length === 0 ? null : button({ text: t("outbox.send"), kind: "main", command: "confirm", press: send }),
    );
  }
}
