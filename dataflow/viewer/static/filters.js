// The search field, the filters and the order of the list.

import { byId, el, many, number } from "./dom.js";

const STATES = [
  ["", "Any state"], ["open", "To review"], ["reviewed", "Reviewed"], ["accepted", "Accepted"], ["rejected", "Rejected"],
  ["edited", "Edited"], ["pairs", "Pairs rejected"], ["stale", "Made anew since"], ["partial", "Incomplete"],
];
const SORTS = [
  ["", "File order"], ["-pairs", "Most pairs"], ["pairs", "Fewest pairs"], ["-length", "Longest text"],
  ["length", "Shortest text"], ["-rating", "Best rating"], ["rating", "Worst rating"], ["reviewed", "Last reviewed"],
];

export class Filters {
  /** `changed(query)` is told what is wanted. */
  constructor(changed) {
    this.box = byId("filters");
    this.changed = changed;
    this.search = el("input", {
      type: "search", id: "search", placeholder: "Search all text", "aria-label": "Search all text", autocomplete: "off",
      spellcheck: false, oninput: () => this.soon(), onkeydown: (event) => event.key === "Escape" && this.search.blur(),
    });
    this.selects = {};
    this.row = el("div", { className: "selects" });
    this.count = el("p", { className: "count", role: "status" });
    this.box.append(el("div", { className: "search" }, this.search, el("kbd", { "aria-hidden": "true" }, "/")), this.row, this.count);
  }

  /** Offer what the dataset has; what was chosen stays so. */
  offer(choices) {
    const query = this.query();
    const counted = (pairs) => pairs.map(([name, count]) => [String(name), `${name} (${number(count)})`]);
    const known = choices.pairs.map(([count]) => count);
    const most = Math.max(0, ...known);
    this.set("state", "Review", STATES, true);
    this.set("type", "Question type", [["", "Any type"], ...counted(choices.types)], choices.types.length > 0);
    this.set("label", "Label", [["", "Any label"], ...counted(choices.labels)], choices.labels.length > 0);
    const pairs = choices.pairs.map(([count, rows]) => [String(count), `${count} ${count === 1 ? "pair" : "pairs"} (${number(rows)})`]);
    this.set("pairs", "Number of pairs", [["", "Any pairs"], ...pairs, [`${Math.max(1, most)}+`, `${Math.max(1, most)} or more`]], most > 0);
    const ratings = ["1", "2", "3", "4", "5"].map((least) => [least, `at least ${least}`]);
    this.set("rating", "Rating", [["", "Any rating"], ["0.5", "at least 0.5"], ["0.8", "at least 0.8"], ...ratings, ["none", "unrated"]], choices.rated);
    this.set("sort", "Order", choices.rated ? SORTS : SORTS.filter(([name]) => !name.includes("rating")), true);
    for (const [name, select] of Object.entries(this.selects)) select.value = query[name] ?? "";
  }

  set(name, label, options, there) {
    let select = this.selects[name];
    if (!select) {
      select = this.selects[name] = el("select", { "aria-label": label, "data-filter": name, onchange: () => this.now() });
      this.row.append(select);
    }
    select.hidden = !there;
    if (select === document.activeElement) return; // it may be open: options must not change under the hand
    select.replaceChildren(...options.map(([value, text]) => el("option", { value }, text)));
  }

  query() {
    const chosen = Object.entries(this.selects).map(([name, select]) => [name, select.value]);
    return Object.fromEntries([["text", this.search.value.trim()], ...chosen].filter(([, value]) => value));
  }

  /** The list has so many of so many. */
  say(total, all, reading) {
    const filtered = Object.keys(this.query()).some((name) => name !== "sort");
    this.count.textContent = (filtered ? `${number(total)} of ${many(all, "row")}` : many(all, "row")) + (reading ? " · reading…" : "");
  }

  /** Filters are for samples; of failures there is the list alone. */
  enable(on) {
    this.search.disabled = !on;
    for (const select of Object.values(this.selects)) select.disabled = !on;
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.now(), 180);
  }

  now() {
    clearTimeout(this.waiting);
    for (const select of Object.values(this.selects)) select.classList.toggle("set", select.value !== "");
    this.changed(this.query());
  }
}
