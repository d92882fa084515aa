// Puts the page together: what is listed, what is open, what the keys do, what the server tells.

import * as api from "./api.js";
import { byId, called, say } from "./dom.js";
import { Filters } from "./filters.js";
import { toggleHelp } from "./help.js";
import { List } from "./list.js";
import { SamplePage } from "./sample.js";
import { drawProblem, drawRun, drawTabs, drawTally } from "./top.js";
import { PairVerdicts, rejectWithReason } from "./verdicts.js";

let summary;
let opening;
const who = byId("who");
const list = new List(open, () => !page.isDirty || confirm("Leave this sample? What you typed is not kept."));
const filters = new Filters(search);
const act = {
  accept: () => decide("accept"),
  reject: () => decide("reject"),
  reason: () => rejectWithReason(page, summary.reasons, (note) => reviewing() && decide("reject", note)),
  edit: () => page.edit(),
  undo,
  next: () => list.go(Math.min(list.at + 1, list.total - 1)),
  previous: () => list.go(Math.max(list.at - 1, 0)),
  back,
  save,
  togglePair: (pair) => pairs.toggle(pair),
};
const page = new SamplePage(byId("sample"), act);
const pairs = new PairVerdicts(page, {
  reviewing: () => reviewing(),
  reasons: () => summary.reasons,
  keep: async (wish) => {
    const { whole } = page;
    await api.decide({ who: who.value, id: whole.key, seen: whole.seen, ...wish });
    await redraw(whole);
  },
  trouble: (error) => trouble(error),
});

/** A row was chosen: fetch and show its sample. */
async function open(row, at) {
  opening?.abort();
  opening = new AbortController();
  try {
    const whole = await api.sample(list.generation, list.table, row.number, opening.signal);
    page.show(whole, `${(at + 1).toLocaleString("en")} of ${list.total.toLocaleString("en")}`);
    document.body.classList.add("reading");
    remember(list.table === "rows" ? `#/rows/${encodeURIComponent(whole.key)}` : `#/${list.table}/${row.number}`);
    list.fetch(at + 1);
  } catch (error) {
    if (error.name !== "AbortError") trouble(error);
  }
}

function remember(hash) {
  if (location.hash !== hash) history.replaceState(null, "", hash);
}

function back() {
  document.body.classList.remove("reading");
  list.box.focus();
}

async function search(query) {
  await list.open(list.table, summary.generation, query).catch(trouble);
  drawCount();
  document.body.classList.remove("reading");
  if (!list.total) page.empty("Nothing matches.");
}

async function showTable(table) {
  filters.enable(table === "rows");
  await list.open(table, summary.generation, table === "rows" ? filters.query() : {}).catch(trouble);
  drawTop();
  const nothing = { rows: summary.going ? "No samples yet: they appear here as they are finished." : "No samples.", failures: "Nothing failed.", rejected: "Nothing was rejected." };
  if (list.total && !narrow()) await list.go(0);
  else if (!list.total) page.empty(nothing[table]);
  remember(list.total ? location.hash : `#/${table}`);
}

const narrow = () => matchMedia("(max-width: 760px)").matches;

/** Whether the sample that is open can be decided about now. */
const reviewing = () => page.whole && !page.whole.bad && page.whole.table === "rows" && !page.editing;

async function decide(verdict, note = "") {
  if (!reviewing()) return;
  const { whole } = page;
  const { at } = list;
  try {
    await api.decide({ do: verdict, who: who.value, id: whole.key, seen: whole.seen, note });
    say(`${called(whole.key, 40)} ${verdict}ed${note && `: ${note}`}`, verdict);
    await redraw(whole);
    const stays = (await list.fetch(at))?.key === whole.key; // a filter may have no place for it any more
    if (stays && at + 1 < list.total) await list.go(at + 1);
    else if (!stays && list.total) await list.go(Math.min(at, list.total - 1));
    else if (!list.total) page.empty("Nothing left to review here.");
  } catch (error) {
    trouble(error);
  }
}

async function save(whole, set, was) {
  await api.decide({ do: "edit", who: who.value, id: whole.key, seen: whole.seen, set, was });
  say(`${called(whole.key, 40)} edited: ${Object.keys(set).join(", ")}`);
  await redraw(whole);
}

async function undo() {
  if (page.editing) return;
  try {
    const { undone, key } = await api.undo(who.value);
    if (!undone) {
      say("nothing of yours to undo");
      return;
    }
    say(`undone: ${undone.replace("_", " ")} of ${called(key, 40)}`);
    await list.refresh();
    await goTo(key);
  } catch (error) {
    trouble(error);
  }
}

/** The list and the open sample, after a decision about it. */
async function redraw(whole) {
  const asked = api.sample(whole.generation, whole.table, whole.number).catch((error) => {
    if (error.status !== 404) throw error; // the file was replaced meanwhile, and the sample stands elsewhere
  });
  const [fresh] = await Promise.all([asked, list.refresh()]);
  if (fresh && page.whole?.key === whole.key) page.update(fresh);
  else if (!fresh) await goTo(whole.key);
  drawCount();
}

async function goTo(id) {
  const found = await api.find(id, filters.query());
  if (found.at !== null) await list.go(found.at);
  return found.at !== null;
}

function trouble(error) {
  if (error.status === 404) return; // files were replaced; the next summary brings the new ones
  say(error.message, "bad");
}

function drawCount() {
  const all = { rows: summary.rows, failures: summary.failures, rejected: summary.rejected }[list.table];
  filters.say(list.total, all, list.table === "rows" && summary.ready < summary.rows);
  const empty = byId("list-empty");
  empty.hidden = list.total > 0;
  empty.textContent = list.table === "rows" && Object.keys(filters.query()).length ? "Nothing matches." : "Nothing here.";
}

function drawTop() {
  drawTabs(summary, list.table, showTable);
  drawTally(summary);
  drawRun(summary);
  drawProblem(summary.problem);
  drawCount();
}

let offered = "";
/** What the filters offer, once the facts of all rows that there are have been read. */
async function offerChoices() {
  const read = `${summary.generation} ${summary.ready}`;
  if (summary.ready < summary.rows || offered === read) return;
  offered = read;
  await api.state().then((state) => filters.offer(state.choices)).catch(trouble);
}

let growing = false;
/** The server told what changed. */
async function hear(next) {
  const before = summary;
  summary = next;
  drawTop();
  const replaced = next.generation !== before.generation;
  if (replaced) {
    const { whole } = page;
    await list.open(list.table, next.generation, list.query).catch(trouble);
    if (whole && !page.editing && !(list.table === "rows" && (await goTo(whole.key).catch(() => false)))) list.go(0);
  }
  offerChoices();
  const counted = { rows: next.rows, failures: next.failures, rejected: next.rejected }[list.table];
  const changed = Object.keys(list.query).length ? next.ready !== before.ready : counted !== list.total;
  if (!growing && (replaced || changed)) {
    growing = true; // at most once in a while, however fast rows come
    setTimeout(async () => {
      const wasEmpty = list.total === 0;
      if (list.table !== "rows" || !Object.keys(list.query).length) list.setTotal(counted);
      await list.refresh().catch(trouble);
      growing = false;
      drawCount();
      if (wasEmpty && list.total && !page.whole && !narrow()) list.go(0);
    }, before.ready === 0 ? 60 : 400);
  }
  // A page that was not looked at for a while is not told whose samples were decided about.
  const decided = next.decided || JSON.stringify(next.review) !== JSON.stringify(before.review);
  if (decided && page.whole && !page.editing && (next.decided ?? [page.whole.key]).includes(page.whole.key)) {
    const fresh = await api.sample(page.whole.generation, page.whole.table, page.whole.number).catch(() => undefined);
    if (fresh && page.whole?.key === fresh.key) page.update(fresh);
  }
  if (decided) await list.refresh().catch(trouble);
}

const KEYS = {
  j: act.next, k: act.previous, a: act.accept, r: act.reject, R: act.reason, e: act.edit, u: act.undo, "?": toggleHelp, p: playOrPause,
  J: () => pairs.step(1), K: () => pairs.step(-1), x: () => pairs.reject(), X: () => pairs.rejectWithReason(),
};

function playOrPause() {
  const player = document.querySelector("video:not([hidden])");
  if (player) player.paused ? player.play() : player.pause();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, dialog[open]") && !(event.key === "?" && byId("help").open)) return;
  if (event.key === "Escape") back();
  else if (event.key === "/") {
    event.preventDefault();
    filters.search.focus();
    filters.search.select();
  } else {
    const act = KEYS[event.shiftKey ? event.key : event.key.toLowerCase()]; // caps lock changes no key
    if (!act) return;
    event.preventDefault();
    act();
  }
});
addEventListener("hashchange", () => openAddress());
addEventListener("beforeunload", (event) => page.isDirty && event.preventDefault());

/** What the address names after the token: `#/rows/7`, `#/failures/0`. */
async function openAddress() {
  const [, table, id] = location.hash.match(/^#\/(rows|failures|rejected)(?:\/(.+))?$/) ?? [];
  if (table && table !== list.table) await showTable(table);
  if (id === undefined) return false;
  if (list.table === "rows") return goTo(decodeURIComponent(id));
  await list.go(Number(id));
  return true;
}

async function begin() {
  summary = await api.state();
  byId("name").textContent = summary.name;
  byId("name").title = `${summary.folder}/${summary.name}`;
  document.title = `${summary.name} · DataFlow-MM`;
  who.value = localStorage.getItem("reviewer") ?? summary.reviewer;
  who.onchange = () => {
    who.value = who.value.trim() || summary.reviewer;
    localStorage.setItem("reviewer", who.value);
  };
  byId("help-button").onclick = toggleHelp;
  filters.offer(summary.choices);
  await list.open("rows", summary.generation, {});
  drawTop();
  api.follow(hear, () => drawProblem("The server does not answer. If it was stopped, start `dataflow view` again."));
  if (await openAddress().catch(() => false)) return;
  if (list.total && !narrow()) await list.go(0);
  else if (!list.total) page.empty(summary.going ? "No samples yet: they appear here as they are finished." : "No samples.");
}

begin().catch(trouble);
