// The discussion of a panel of roles: draft, rounds of calls, proposals and decisions, and what became final.

import { el, many } from "./dom.js";
import { fieldBody } from "./fields.js";
import { pairList } from "./pairs.js";
import { isPair } from "./shapes.js";

const KNOWN = ["id", "clips", "draft", "rounds", "final", "warnings", "failed"];

export function discussion(lines) {
  if (!lines.length) return undefined;
  return el("section", { className: "field discussion" }, el("h3", {}, "Discussion"), lines.map(one));
}

function one(line) {
  const others = Object.entries(line).filter(([name]) => !KNOWN.includes(name));
  return el(
    "div",
    {},
    list(line.draft).length > 0 && part("Draft", many(list(line.draft).length, "pair"), pairsOf(line.draft)),
    list(line.rounds).map(round),
    list(line.final).length > 0 && part("Final", many(list(line.final).length, "pair"), pairsOf(line.final)),
    list(line.warnings).map((text) => el("p", { className: "warning" }, String(text))),
    line.failed && el("p", { className: "warning" }, `Failed in ${line.failed.stage}: ${line.failed.message}`),
    others.map(([name, value]) => part(name, "", fieldBody(value))),
  );
}

function round(data) {
  const call = data.call ?? {};
  const experts = list(call.experts);
  const said = experts.length ? `${many(experts.length, "expert")} called in` : "the master ends the work";
  return part(
    `Round ${data.round ?? ""}`,
    said,
    call.reason && el("p", { className: "prose" }, String(call.reason)),
    experts.map((expert) => {
      const proposal = list(data.proposals).find((other) => other.role === expert.role);
      return el(
        "div",
        { className: "expert" },
        el("p", {}, el("b", {}, String(expert.role ?? "expert")), expert.subtask && ` ${expert.subtask}`),
        proposal && pairsOf(proposal.pairs),
      );
    }),
    list(data.decisions).length > 0 &&
      el(
        "ul",
        { className: "decisions" },
        list(data.decisions).map((decision) =>
          el("li", {}, el("span", { className: `tag ${decision.action}` }, String(decision.action ?? "")), ` ${decision.pair ?? ""}${decision.result && decision.result !== decision.pair ? ` → ${decision.result}` : ""} `, el("span", { className: "note" }, String(decision.reason ?? decision.note ?? ""))),
        ),
      ),
  );
}

const list = (value) => (Array.isArray(value) ? value.filter((item) => item !== null && item !== undefined) : []);

const pairsOf = (value) => pairList(list(value).filter(isPair));

function part(name, note, ...body) {
  return el("details", { className: "part", open: name === "Final" }, el("summary", {}, el("b", {}, name), note && el("span", { className: "note" }, note)), body);
}
