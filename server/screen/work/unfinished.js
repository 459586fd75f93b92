/**
 * Work that is under way, kept on the device: it is there again after the screen was locked, the page closed, or the battery
 * empty. It belongs to the person who began it, and is shown to nobody else.
 */

import { announce, eventTimeNow, me, since, t } from "../shell.js";
import { storeIn } from "../store.js";

const store = storeIn({ database: "packtree-unfinished", name: "unfinished", key: ["user", "flow"] });

/** @template State */
export class Unfinished {
  #user = me()?.user ?? "";
  #flow;
  #isClosed = false;
  /** When the work began, or "" while there is none. */
  begunAt = "";

  /** @param {string} flow the name of the work: a person has one of each */
  constructor(flow) {
    this.#flow = flow;
  }

  /** What was left of it, or null. @returns {Promise<State | null>} */
  async open() {
    const key = [this.#user, this.#flow];
    try {
      const kept = await store.read((store) => store.get(key));
      this.begunAt = kept?.begun_at ?? "";
      return kept?.state ?? null;
    } catch {
      // A browser that keeps nothing still works; the work is lost with the page.
      return null;
    }
  }

  /** Keeps how far it is. Done when it is on the disk. @param {State} state */
  async keep(state) {
    this.begunAt ||= eventTimeNow();
    const kept = { user: this.#user, flow: this.#flow, begun_at: this.begunAt, state };
    await this.#write((store) => store.put(kept));
  }

  /** It is finished, or was given up. */
  async forget() {
    this.begunAt = "";
    await this.#write((store) => store.delete([this.#user, this.#flow]));
  }

  /** Whoever holds this is no longer on the page: what they still do changes nothing. */
  close() {
    this.#isClosed = true;
  }

  /** @param {(store: IDBObjectStore) => void} change */
  async #write(change) {
    if (!this.#isClosed && this.#user !== "") {
      await store.write(change).catch(() => undefined);
    }
  }

  /** Tells the person, who may not look, that it goes on where it was. */
  sayItGoesOn() {
    announce("warning", t("unfinished.goes_on"), t("unfinished.goes_on_sentence", { time: since(this.begunAt) }));
  }

  /** Tells the person that what was begun counts no more. @param {string} begunAt */
  static sayItBegins(begunAt) {
    announce("warning", t("unfinished.anew"), t("unfinished.anew_sentence", { time: since(begunAt) }));
  }
}

/** Does one thing after the other, in the order in which they are asked for: the answer to a scan may overtake that of another. */
export function inTurn() {
  /** @type {Promise<void>} */
  let last = Promise.resolve();
  return (/** @type {() => Promise<void>} */ act) => (last = last.catch(() => undefined).then(act));
}
