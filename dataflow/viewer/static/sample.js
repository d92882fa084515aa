// The page of one sample: media on one side, everything said about them on the other.

import { called, el, key, many } from "./dom.js";
import { discussion } from "./discussion.js";
import { editForm } from "./edit.js";
import { field } from "./fields.js";
import { mediaPart } from "./media.js";
import { PairChoice } from "./pairs.js";
import { history, provenance } from "./provenance.js";
import { fieldsOf, same, shapeOf } from "./shapes.js";
import { prose } from "./text.js";

export class SamplePage {
  /** `act` has accept, reject, reason, edit, undo, next, previous, back, save and togglePair. */
  constructor(box, act) {
    this.box = box;
    this.act = act;
    this.whole = undefined;
    this.editing = false;
    this.othersOpen = false;
    this.leave = () => {};
  }

  /** Show a sample; `where` is its place in the list. */
  show(whole, where) {
    this.leave();
    this.whole = whole;
    this.editing = false;
    const media = mediaPart(whole);
    this.leave = media.leave;
    this.words = el("div", { className: "words" });
    this.choice = new PairChoice(this.words);
    this.origin = el("div", { className: "origin" });
    const body = whole.bad
      ? el("div", { className: "bad-row" }, el("p", { className: "warning" }, whole.bad.message), prose(whole.bad.text, "json"))
      : el("div", { className: "body" }, el("div", { className: "looks" }, media.box, this.origin), this.words);
    this.head = el("header", { className: "sample-head" });
    this.box.replaceChildren(this.head, body);
    this.where = where;
    this.draw();
    this.box.scrollTop = 0;
  }

  /** Show newer decisions about the same sample, without touching its media. */
  update(whole) {
    this.whole = whole;
    if (!this.editing) this.draw();
  }

  empty(text) {
    this.leave();
    this.leave = () => {};
    this.whole = undefined;
    this.editing = false;
    this.box.replaceChildren(el("p", { className: "empty" }, text));
  }

  /** The sample with the edits that count. */
  get shown() {
    return this.whole.stale ? this.whole.sample : { ...this.whole.sample, ...this.whole.decision?.set };
  }

  /** Whether what was typed would be lost by leaving. */
  get isDirty() {
    return this.editing && this.form.isDirty();
  }

  draw() {
    this.drawHead();
    const { whole } = this;
    if (whole.bad) return;
    const record = whole.record;
    const { written, others } = fieldsOf(this.shown, whole.mediaFields, whole.generated);
    const held = this.words.contains(document.activeElement);
    this.words.replaceChildren(
      ...[
        record && failure(record),
        ...written.map((one) => this.field(one)),
        discussion(whole.discussion),
        others.length > 0 && this.others(others, !written.length),
        el("details", { className: "field raw" }, el("summary", {}, el("h3", {}, "Row as data")), prose(JSON.stringify(whole.sample, null, 2), "json")),
      ].filter(Boolean),
    );
    this.choice.show(held);
    this.origin.replaceChildren(...[history(whole), provenance(whole)].filter(Boolean));
  }

  field([name, value]) {
    const { whole } = this;
    const edits = whole.stale ? {} : (whole.decision?.set ?? {});
    const status = this.shown[`${name}_status`];
    return field(name, value, {
      original: whole.sample[name],
      edited: name in edits && !same(value, whole.sample[name]),
      open: !name.endsWith("_checks") && !isPrompt(value),
      status: typeof status === "string" && status !== "complete" ? status : "",
      review: this.reviewOf(name),
    });
  }

  /** The columns that no model wrote: folded until they are opened once, and open where there is nothing else. */
  others(fields, alone) {
    const names = fields.map(([name]) => name).join(", ");
    const heading = el("h3", {}, "Other columns", el("span", { className: "note" }, names));
    const box = el("details", { className: "others", open: alone || this.othersOpen }, el("summary", {}, heading), fields.map((one) => this.field(one)));
    box.addEventListener("toggle", () => {
      if (!alone) this.othersOpen = box.open;
    });
    return box;
  }

  /** Of a column with pairs that can be decided about: what the review says of each. */
  reviewOf(column) {
    const { whole } = this;
    const names = whole.pairNames?.[column];
    if (!names) return undefined;
    const rejected = whole.stale ? [] : (whole.decision?.pairs[column] ?? []);
    const why = (name) => whole.decision.actions.findLast((one) => one.do === "reject_pair" && one.column === column && one.pair === name)?.note ?? "";
    return { column, names, rejected: new Map(rejected.filter((name) => names.includes(name)).map((name) => [name, why(name)])), toggle: (pair) => this.act.togglePair(pair) };
  }

  drawHead() {
    const { whole, act } = this;
    const verdict = whole.stale ? undefined : whole.decision?.verdict;
    const button = (name, letter, kind, pressed) =>
      el("button", { type: "button", className: kind, "data-act": name.toLowerCase(), onclick: act[name.toLowerCase()], "aria-pressed": pressed }, name, " ", key(letter));
    const reviewing = whole.table === "rows" && !whole.bad;
    this.head.replaceChildren(
      ...[
        el("button", { type: "button", className: "quiet back", onclick: act.back, "aria-label": "Back to the list" }, "‹"),
        el("div", { className: "title" }, el("h2", { title: whole.key }, called(whole.key)), el("span", { className: "note" }, this.where)),
        el(
          "div",
          { className: "steps" },
          el("button", { type: "button", className: "quiet", onclick: act.previous, "aria-label": "Previous sample", title: "Previous (k)" }, "↑"),
          el("button", { type: "button", className: "quiet", onclick: act.next, "aria-label": "Next sample", title: "Next (j)" }, "↓"),
        ),
        whole.stale && el("span", { className: "tag warn" }, "made anew since its review"),
        verdict === "reject" && whole.decision.reason && el("span", { className: "tag bad reason-given", title: "Why it was rejected" }, whole.decision.reason),
        reviewing &&
          el(
            "div",
            { className: "acts", role: "group", "aria-label": "Review" },
            button("Accept", "a", "accept", String(verdict === "accept")),
            button("Reject", "r", "reject", String(verdict === "reject")),
            button("Reason", "R", "quiet"),
            button("Edit", "e", "edit-button"),
            button("Undo", "u", "quiet"),
          ),
      ].filter(Boolean),
    );
  }

  /** Begin to edit: the words become a form. */
  edit() {
    if (!this.whole || this.whole.bad || this.whole.table !== "rows" || this.editing) return;
    this.editing = true;
    const close = () => {
      this.editing = false;
      this.draw();
      this.box.focus({ preventScroll: true });
    };
    const save = async (set, was) => {
      await this.act.save(this.whole, set, was);
      close();
    };
    const form = (this.form = editForm(this.whole, this.shown, save, close));
    this.words.replaceChildren(form);
    const first = form.querySelector("textarea");
    if (first) {
      first.focus({ preventScroll: false });
      first.setSelectionRange(first.value.length, first.value.length);
    }
  }
}

/** A conversation in which only the prompt stands: known well enough after the first sample. */
const isPrompt = (value) => shapeOf(value) === "turns" && value.every((turn) => ["human", "user", "system"].includes(String(turn.from ?? turn.role).toLowerCase()));

function failure(record) {
  const attempts = record.attempts > 1 ? ` · ${many(record.attempts, "attempt")}` : "";
  const others = Object.entries(record).filter(([name]) => !["id", "operator", "kind", "message", "reason", "raw", "attempts"].includes(name));
  return el(
    "section",
    { className: "field failure" },
    el("h3", {}, record.message !== undefined ? "Failed" : "Rejected", el("span", { className: "note" }, [record.operator, record.kind].filter(Boolean).join(" · ") + attempts)),
    el("p", { className: "warning" }, String(record.message ?? record.reason ?? "")),
    record.raw && el("details", { open: true }, el("summary", {}, "What the model wrote"), prose(String(record.raw), "json")),
    others.map(([name, value]) => field(name, value, { open: false })),
  );
}
