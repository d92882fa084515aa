// Where a sample came from: every question that was asked for it, and what reviewers decided.

import { el, many, number } from "./dom.js";
import { prose } from "./text.js";

export function provenance(whole) {
  const asked = whole.trace.filter((line) => line.model !== undefined);
  if (!asked.length) return undefined;
  const rows = asked.map((line, at) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, line.operator !== asked[at - 1]?.operator && el("span", { className: "operator" }, breakable(line.operator ?? "")), el("span", { className: "note" }, promptOf(line, whole.prompts))),
      el("td", {}, line.model ?? ""),
      el("td", { className: "figure" }, `${number(line.input_tokens ?? 0)} → ${number(line.output_tokens ?? 0)}`),
      el("td", { className: "figure" }, latency(line.latency)),
      el("td", {}, line.source === "ledger" ? "ledger" : "fresh", line.attempt ? ` · attempt ${line.attempt + 1}` : "", line.truncated && el("span", { className: "tag warn" }, "truncated")),
    ),
  );
  const sum = (name) => number(asked.reduce((total, line) => total + (line[name] ?? 0), 0));
  const total = `${many(asked.length, "answer")} · ${sum("input_tokens")} tokens read · ${sum("output_tokens")} written`;
  const head = ["Operator, prompt", "Model", "Tokens", "Latency", "Source"].map((name) => el("th", { scope: "col" }, name));
  const reasoning = asked.filter((line) => line.reasoning).map((line) => el("details", {}, el("summary", {}, `Reasoning of ${line.operator}`), prose(String(line.reasoning))));
  const notes = whole.trace.filter((line) => line.notes).map((line) => el("details", {}, el("summary", {}, `Notes of ${line.operator}`), prose(JSON.stringify(line.notes, null, 2), "json")));
  return el(
    "section",
    { className: "field provenance" },
    el("h3", {}, "Where it came from", el("span", { className: "note" }, total)),
    el("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Where it came from" }, el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows))),
    reasoning,
    notes,
  );
}

/** A name in camel case that may break between its words. */
const breakable = (name) => String(name).split(/(?<=[a-z])(?=[A-Z])/).flatMap((part) => [part, el("wbr")]);

function latency(seconds) {
  if (typeof seconds !== "number") return "";
  return seconds < 1 ? `${Math.round(1000 * seconds)} ms` : `${seconds.toFixed(2)} s`;
}

function promptOf(line, prompts) {
  const version = prompts?.[line.prompt];
  return line.prompt ? `${line.prompt}${version ? ` ${String(version).slice(0, 8)}` : ""}` : "";
}

export function history(whole) {
  const actions = whole.decision?.actions ?? [];
  if (!actions.length) return undefined;
  const words = { accept: "accepted", reject: "rejected", edit: "edited", accept_pair: "took back a pair of", reject_pair: "rejected a pair of" };
  return el(
    "section",
    { className: "field history" },
    el("h3", {}, "Review"),
    whole.stale && el("p", { className: "warning" }, "The sample has been made anew since: these decisions no longer count."),
    el(
      "ul",
      {},
      actions.map((one) =>
        el("li", {}, el("b", {}, one.who), ` ${words[one.do] ?? one.do}${[...one.fields, one.column].filter(Boolean).map((name) => ` ${name}`)} `, el("time", { dateTime: one.at }, new Date(one.at).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })), one.note && ` “${one.note}”`),
      ),
    ),
  );
}
