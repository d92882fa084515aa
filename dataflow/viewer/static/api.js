// What the page asks the server. All addresses are relative, so that the token in the page's own address stands first.

export class Refused extends Error {
  constructor(status, body) {
    super(body.error ?? `the server answered ${status}`);
    this.status = status;
    this.present = body.present;
  }
}

async function ask(address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { error: "the server does not answer; start `dataflow view` again" });
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, body);
  return body;
}

const post = (address, value) =>
  ask(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });

const params = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "" && value !== undefined));

export const state = () => ask("api/state");
export const rows = (table, generation, start, count, query, signal) =>
  ask(`api/rows?${params({ table, generation, start, count, ...query })}`, { signal });
export const find = (id, query) => ask(`api/find?${params({ id, ...query })}`);
export const sample = (generation, table, row, signal) => ask(`api/sample/${generation}/${table}/${row}`, { signal });
export const decide = (wish) => post("api/decide", wish);
export const undo = (who) => post("api/undo", { who });
export const play = (place, medium, make) => ask(`play/${place}/${medium}${make ? "?make=1" : ""}`);

/**
 * Follow what changes; `heard` gets each summary, `lost` when the server is gone. A tab that is not looked at lets go of
 * its connection, since a browser has only a few for one server.
 */
export function follow(heard, lost) {
  let source;
  const open = () => {
    source?.close();
    source = new EventSource("api/events");
    source.onmessage = (event) => heard(JSON.parse(event.data));
    source.onerror = () => lost();
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? source.close() : open()));
  open();
}
