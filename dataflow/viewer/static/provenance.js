// Where a sample came from: every question that was asked for it, and what reviewers decided.

import { el, number } from "./dom.js";
import { prose } from "./fields.js";

export function provenance(whole) {
  const asked = whole.trace.filter((line) => line.model !== undefined);
  if (!asked.length) return undefined;
  const rows = asked.map((line) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, line.operator ?? "", el("span", { className: "note" }, promptOf(line, whole.prompts))),
      el("td", {}, line.model ?? ""),
      el("td", { className: "figure" }, `${number(line.input_tokens ?? 0)} → ${number(line.output_tokens ?? 0)}`),
      el("td", { className: "figure" }, line.latency === undefined ? "" : `${line.latency.toFixed(2)} s`),
      el("td", {}, line.source === "ledger" ? "ledger" : "fresh", line.attempt ? ` · attempt ${line.attempt + 1}` : "", line.truncated && el("span", { className: "tag warn" }, "truncated")),
    ),
  );
  const head = ["Operator, prompt", "Model", "Tokens", "Latency", "Source"].map((name) => el("th", { scope: "col" }, name));
  const reasoning = asked.filter((line) => line.reasoning).map((line) => el("details", {}, el("summary", {}, `Reasoning of ${line.operator}`), prose(String(line.reasoning))));
  const notes = whole.trace.filter((line) => line.notes).map((line) => el("details", {}, el("summary", {}, `Notes of ${line.operator}`), prose(JSON.stringify(line.notes, null, 2), "json")));
  return el(
    "section",
    { className: "field provenance" },
    el("h3", {}, "Where it came from"),
    el("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Where it came from" }, el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows))),
    reasoning,
    notes,
  );
}

function promptOf(line, prompts) {
  const version = prompts?.[line.prompt];
  return line.prompt ? `${line.prompt}${version ? ` ${String(version).slice(0, 8)}` : ""}` : "";
}

export function history(whole) {
  const actions = whole.decision?.actions ?? [];
  if (!actions.length) return undefined;
  const words = { accept: "accepted", reject: "rejected", edit: "edited" };
  return el(
    "section",
    { className: "field history" },
    el("h3", {}, "Review"),
    whole.stale && el("p", { className: "warning" }, "The sample has been made anew since: these decisions no longer count."),
    el(
      "ul",
      {},
      actions.map((one) =>
        el("li", {}, el("b", {}, one.who), ` ${words[one.do] ?? one.do}${one.fields.length ? ` ${one.fields.join(", ")}` : ""} `, el("time", { dateTime: one.at }, new Date(one.at).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })), one.note && ` “${one.note}”`),
      ),
    ),
  );
}
