// The list: any number of rows in one scrolling box, of which only those in sight exist.

import * as api from "./api.js";
import { byId, called, el, many } from "./dom.js";
import { picture } from "./picture.js";
import { same } from "./shapes.js";

const ROW = 76;
const PAGE = 50;
const TALLEST = 8_000_000; // browsers lose precision, or refuse, somewhere beyond
const THUMB_DELAY = 90; // rows that only fly by ask for no picture

export class List {
  /** `choose(row, at)` is told which row was chosen; `mayLeave()` may forbid to choose another. */
  constructor(choose, mayLeave) {
    this.box = byId("list");
    this.space = byId("list-space");
    this.choose = choose;
    this.mayLeave = mayLeave;
    this.table = "rows";
    this.query = {};
    this.generation = 0;
    this.total = 0;
    this.at = -1;
    this.pages = new Map();
    this.under = new Map();
    this.stale = new Set();
    this.shown = new Map();
    this.box.addEventListener("scroll", () => this.draw(), { passive: true });
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.space.addEventListener("click", (event) => {
      const row = event.target.closest("[data-at]");
      if (row) this.go(Number(row.dataset.at));
    });
    new ResizeObserver(() => this.draw()).observe(this.box);
  }

  /** Show another table, query or generation, from its top. */
  async open(table, generation, query) {
    Object.assign(this, { table, generation, query, at: -1 });
    this.forget();
    this.box.scrollTop = 0;
    await this.load(0);
  }

  /** Fetch again what is in sight, and the rest when it comes into sight; until then the old rows stay. */
  async refresh() {
    for (const request of this.under.values()) request.abort();
    this.under.clear();
    this.stale = new Set(this.pages.keys());
    await this.load(Math.floor(this.firstInSight() / PAGE));
  }

  forget() {
    for (const request of this.under.values()) request.abort();
    this.under.clear();
    this.pages.clear();
    this.stale.clear();
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
  }

  setTotal(total) {
    this.total = total;
    this.space.style.height = `${Math.min(total * ROW, TALLEST)}px`;
    this.box.setAttribute("aria-label", many(total, "sample"));
    this.box.dataset.total = total;
  }

  row(at) {
    return this.pages.get(Math.floor(at / PAGE))?.[at % PAGE];
  }

  /** The row at a place, fetched if need be. */
  async fetch(at) {
    if (at < 0 || at >= this.total) return undefined;
    const page = Math.floor(at / PAGE);
    if (!this.row(at) || this.stale.has(page)) await this.load(page);
    return this.row(at);
  }

  async load(page) {
    if (this.under.has(page)) return this.under.get(page).done;
    const request = new AbortController();
    this.under.set(page, request);
    request.done = this.ask(page, request);
    return request.done;
  }

  async ask(page, request) {
    try {
      const answer = await api.rows(this.table, this.generation, page * PAGE, PAGE, this.query, request.signal);
      if (this.under.get(page) !== request) return;
      const before = this.pages.get(page) ?? [];
      this.pages.set(page, answer.rows.map((row, at) => (same(row, before[at]) ? before[at] : row)));
      this.stale.delete(page);
      if (answer.total !== this.total) this.setTotal(answer.total);
      this.draw();
    } catch (error) {
      if (error.name !== "AbortError" && error.status !== 404) throw error;
    } finally {
      if (this.under.get(page) === request) this.under.delete(page);
    }
  }

  // Where the rows do not fit the tallest box, a place in it stands for a share of the list.
  scale() {
    const room = this.box.clientHeight;
    const real = Math.max(1, this.total * ROW - room);
    return real / Math.max(1, Math.min(this.total * ROW, TALLEST) - room);
  }

  firstInSight() {
    return Math.max(0, Math.floor((this.box.scrollTop * this.scale()) / ROW));
  }

  draw() {
    const scale = this.scale();
    const top = this.box.scrollTop * scale;
    const first = Math.max(0, Math.floor(top / ROW) - 4);
    const last = Math.min(this.total, Math.ceil((top + this.box.clientHeight) / ROW) + 4);
    for (const [at, row] of this.shown) {
      if (at < first || at >= last) {
        clearTimeout(row.waiting);
        row.remove();
        this.shown.delete(at);
      }
    }
    const pages = new Set();
    for (let at = first; at < last; at++) {
      pages.add(Math.floor(at / PAGE));
      const data = this.row(at);
      let row = this.shown.get(at);
      if (!row || row.data !== data) {
        const fresh = this.make(at, data, row);
        if (row) row.replaceWith(fresh);
        else this.space.append(fresh);
        this.shown.set(at, fresh);
        row = fresh;
      }
      row.style.transform = `translateY(${at * ROW - top + this.box.scrollTop}px)`;
      const chosen = at === this.at;
      row.setAttribute("aria-selected", chosen);
      if (chosen) this.box.setAttribute("aria-activedescendant", row.id);
    }
    for (const [page, request] of this.under) if (!pages.has(page) && this.under.size > 2) request.abort();
    for (const page of pages) if (!this.pages.has(page) || this.stale.has(page)) this.load(page).catch(() => {});
  }

  make(at, data, before) {
    const row = el("div", {
      className: "row",
      id: `row-${at}`,
      role: "option",
      "data-at": at,
      "aria-setsize": this.total,
      "aria-posinset": at + 1,
      "aria-selected": "false",
    });
    row.data = data;
    if (!data) {
      row.classList.add("blank");
      row.setAttribute("aria-label", "loading");
      return row;
    }
    const kept = before?.data?.number === data.number && before.querySelector(".thumb:has(img)");
    const thumb = kept || el("span", { className: `thumb ${data.media || "none"}`, "aria-hidden": "true" });
    if (data.media && !kept) {
      row.waiting = setTimeout(() => {
        thumb.append(picture(`thumb/${this.generation}/${this.table}/${data.number}`, { alt: "" }, (image) => image.remove()));
      }, THUMB_DELAY);
    }
    row.append(thumb, el("span", { className: "row-text" }, data.text || "no text"), facts(data), mark(data));
    return row;
  }

  /** Choose the row at a place, and bring it into sight. */
  async go(at) {
    if (at < 0 || at >= this.total || !this.mayLeave()) return;
    this.at = at;
    this.reveal(at);
    const row = await this.fetch(at);
    this.draw();
    if (row && this.at === at) this.choose(row, at);
  }

  reveal(at) {
    const scale = this.scale();
    const top = this.box.scrollTop * scale;
    const room = this.box.clientHeight;
    if (at * ROW < top) this.box.scrollTop = (at * ROW) / scale;
    else if ((at + 1) * ROW > top + room) this.box.scrollTop = ((at + 1) * ROW - room) / scale;
    this.draw();
  }

  onKey(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.total, End: this.total };
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in steps)) return;
    event.preventDefault();
    this.go(Math.min(this.total - 1, Math.max(0, this.at + steps[event.key])));
  }
}

function facts(data) {
  const said = [called(data.key, 28)];
  if (data.pairs) said.push(many(data.pairs, "pair"));
  if (data.pairsRejected) said.push(`${data.pairsRejected} rejected`);
  if (data.rating !== null && data.rating !== undefined) said.push(`rated ${Number(data.rating.toFixed(2))}`);
  if (data.kind) said.push(data.kind);
  if (data.operator) said.push(data.operator);
  said.push(...(data.labels ?? []));
  return el("span", { className: "row-facts" }, said.join(" · "), data.partial && el("span", { className: "tag warn" }, "incomplete"));
}

function mark(data) {
  const marks = [];
  if (data.verdict === "accept") marks.push(["good", "✓", "accepted"]);
  if (data.verdict === "reject") marks.push(["bad", "✕", "rejected"]);
  if (data.edited) marks.push(["edit", "✎", "edited"]);
  if (data.stale) marks.push(["warn", "↻", "made anew since its review"]);
  if (data.bad) marks.push(["bad", "!", "cannot be read"]);
  return el(
    "span",
    { className: "marks" },
    marks.map(([kind, sign, words]) =>
      el("span", { className: `mark ${kind}`, title: words }, el("span", { "aria-hidden": "true" }, sign), el("span", { className: "unseen" }, words)),
    ),
  );
}
