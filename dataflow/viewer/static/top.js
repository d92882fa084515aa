// The top of the page: tabs with counts, how far the review is, and the progress of a run that still goes on.

import { byId, el, many, number } from "./dom.js";

const TABS = [["rows", "Samples"], ["failures", "Failures"], ["rejected", "Rejected"]];

export function drawTabs(summary, table, choose) {
  const counts = { rows: summary.rows, failures: summary.failures, rejected: summary.rejected };
  const tabs = TABS.filter(([name]) => name !== "rejected" || counts.rejected > 0 || table === "rejected").map(([name, words]) =>
    el("button", { type: "button", className: "tab", "data-table": name, "aria-current": name === table ? "page" : undefined, onclick: () => choose(name) }, words, " ", el("span", { className: "number" }, number(counts[name])), name === "failures" && summary.failed_how ? el("span", { className: "how", title: summary.failed_how }, summary.failed_how) : ""),
  );
  const bar = byId("tabs");
  const held = bar.contains(document.activeElement) ? document.activeElement.dataset.table : undefined;
  bar.replaceChildren(...tabs);
  if (held) bar.querySelector(`[data-table="${held}"]`)?.focus();
}

export function drawTally(summary) {
  const { accepted, rejected, edited, pairs, stale, gone } = summary.review;
  const said = [
    ["good", accepted, "accepted"], ["bad", rejected, "rejected"], ["bad", pairs, pairs === 1 ? "pair rejected" : "pairs rejected"],
    ["edit", edited, "edited"], ["warn", stale, "made anew"], ["warn", summary.complete ? gone : 0, "no longer there"],
  ].filter(([, count]) => count > 0);
  byId("tally").replaceChildren(...said.map(([kind, count, word]) => el("span", { className: `count-${kind}` }, `${number(count)} ${word}`)));
}

export function drawRun(summary) {
  const box = byId("run");
  const { run } = summary;
  box.hidden = !(summary.going || summary.unfinished);
  if (box.hidden) return;
  const counts = run.counts ?? {};
  const done = counts.finished ?? summary.rows;
  const total = counts.samples ?? 0;
  const tokens = run.tokens ? `${number(run.tokens.input + run.tokens.output)} tokens` : "";
  const words = [
    summary.going ? "Running" : "The run ended before its end; the same command goes on from here",
    total ? `${number(done)} of ${many(total, "sample")}` : many(done, "sample"),
    counts.failed ? `${number(counts.failed)} failed${summary.failed_how ? ` (${summary.failed_how})` : ""}` : "",
    counts.requests !== undefined ? `${number(counts.requests)} asked, ${number(counts.from_ledger)} from the ledger` : "",
    tokens,
    run.cost ? `$${run.cost.toFixed(4)}` : "",
  ].filter(Boolean);
  const bar = el("progress", { max: Math.max(1, total), value: Math.min(done, total), "aria-label": "Samples done" });
  box.replaceChildren(el("span", {}, words.join(" · ")), bar);
}

export function drawProblem(text) {
  const box = byId("problem");
  box.hidden = !text;
  if (box.textContent !== text) box.textContent = text;
}
