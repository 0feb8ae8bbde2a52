// The app's Home tab.

import { on } from "./bus.js";
import { byId, el } from "./dom.js";
import { actAsMe } from "./live.js";
import { explainError } from "./server.js";
import { store } from "./store.js";
import { ViewBody } from "./viewbody.js";

const panel = byId("home");
const problem = el("p.banner", { role: "alert", hidden: true });
const empty = el("p.empty", {}, "Nothing is here yet. The app fills this page when you open it.");
const body = new ViewBody(report);

export function startHome() {
  panel.append(problem, empty, body.root);
  on("home", draw);
  on("state", draw);
}

function report(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

function draw() {
  empty.hidden = store.home !== null;
  if (store.home) body.show(store.home);
  else body.forget();
}

/** Tells the app that the person opened its Home. */
export async function openHome() {
  report("");
  draw();
  const answer = await actAsMe({ do: "open_home" });
  if (answer.error) report(explainError(answer.error));
}
