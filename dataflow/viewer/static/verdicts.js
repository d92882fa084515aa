// Verdicts with a reason, and verdicts on single pairs.

import { called, say } from "./dom.js";
import { askReason } from "./reason.js";

/** Ask why the open sample is rejected, and do so unless the question was left or another sample is open by then. */
export async function rejectWithReason(page, reasons, reject) {
  const { whole } = page;
  if (!whole || page.editing || whole.table !== "rows" || whole.bad) return;
  const note = await askReason(`Reject ${called(whole.key, 40)}`, reasons);
  if (note !== undefined && page.whole?.key === whole.key) await reject(note);
}

export class PairVerdicts {
  /** `on` has reviewing, reasons, keep (which writes a decision down and draws it) and trouble. */
  constructor(page, on) {
    this.page = page;
    this.on = on;
  }

  step(by) {
    if (this.on.reviewing() && !this.page.choice.step(by)) say("no pairs here");
  }

  reject() {
    const pair = this.chosen();
    if (pair) this.toggle(pair);
  }

  async rejectWithReason() {
    const pair = this.chosen();
    if (!pair) return;
    const { whole } = this.page;
    const note = await askReason("Reject this pair", this.on.reasons());
    if (note !== undefined && this.page.whole?.key === whole.key) await this.toggle({ ...pair, rejected: false }, note);
  }

  /** Reject a pair, or take it back. */
  async toggle(pair, note = "") {
    if (!this.on.reviewing()) return;
    this.page.choice.choose(pair);
    const verdict = pair.rejected ? "accept_pair" : "reject_pair";
    try {
      await this.on.keep({ do: verdict, column: pair.column, pair: pair.name, note });
      say(pair.rejected ? "pair taken back" : `pair rejected${note && `: ${note}`}`, verdict);
    } catch (error) {
      this.on.trouble(error);
    }
  }

  /** The pair that is chosen; where none is, the first one becomes so and nothing else happens. */
  chosen() {
    if (!this.on.reviewing()) return undefined;
    const { pair } = this.page.choice;
    if (!pair) say(this.page.choice.step(1) ? "x rejects this pair; J and K choose another" : "no pairs here");
    return pair;
  }
}
