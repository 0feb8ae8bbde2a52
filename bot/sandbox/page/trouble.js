// Make trouble: what goes wrong on purpose, switched on and off while everything runs.

import { on } from "./bus.js";
import { byId, el, freshId, icon } from "./dom.js";
import { changeFaults, fetchFaults } from "./server.js";
import { store } from "./store.js";

const ALL = "*";
const ABOUT = { calls: "Calls to Slack", triggers: "Forms", deliveries: "Deliveries to the app" };

const active = el("div.faults-active", { id: "faults-active", role: "status", hidden: true });
const problem = el("p.act-error", { id: "faults-problem", role: "alert", hidden: true });
const section = el("section.trouble", { id: "trouble", "aria-label": "Make trouble", hidden: true });
const toggle = el("button.quiet", {
  type: "button", id: "trouble-toggle", "aria-expanded": "false", "aria-controls": "trouble",
}, "Make trouble");

let faults = null;

/** The nodes of it: a button, what it opens, and what is active now. */
export function startTrouble() {
  toggle.addEventListener("click", () => {
    section.hidden = !section.hidden;
    toggle.setAttribute("aria-expanded", String(!section.hidden));
    if (!section.hidden) load();
  });
  on("traffic", keepUp);
  on("state", keepUp);
  return { toggle, section, active };
}

/** Somebody else, or the last of a number of times, changed what is active. */
function keepUp() {
  if (store.traffic.faults || faults?.active.length) load();
}

async function load() {
  try {
    take(await fetchFaults());
  } catch (failure) {
    say(failure.message);
  }
}

async function change(wish) {
  try {
    take(await changeFaults(wish));
    say("");
  } catch (failure) {
    say(failure.message);
  }
}

function take(answer) {
  faults = answer;
  drawActive();
  if (!section.childElementCount) section.append(problem, addForm(), socketButtons());
}

function say(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

// ---- what is active

function drawActive() {
  active.hidden = !faults.active.length;
  byId("inspector-trouble").hidden = active.hidden;
  active.replaceChildren(icon("warn"), el("div", {},
    el("strong", {}, "Trouble is on. "), faults.active.map(activeFault),
    el("button.quiet", { type: "button", id: "faults-clear", onclick: () => change({ clear: true }) }, "End it all")));
}

function activeFault(fault) {
  const { title } = faults.catalogue.find(({ kind }) => kind === fault.kind);
  const often = fault.times === null ? "until you end it" : `${fault.times} more ${fault.times === 1 ? "time" : "times"}`;
  const where = fault.methods.includes(ALL) ? "" : ` for ${fault.methods.join(", ")}`;
  return el("span.fault", {}, `${title}${where}, ${often}`,
    el("button.icon-button", {
      type: "button", "aria-label": `End: ${title}`, onclick: () => change({ clear: fault.kind }),
    }, icon("close")));
}

// ---- switching on

function addForm() {
  const kind = el("select", { id: "fault-kind" }, Object.entries(ABOUT).map(([about, label]) => el("optgroup", { label },
    faults.catalogue.filter((entry) => entry.about === about)
      .map((entry) => el("option", { value: entry.kind }, entry.title)))));
  const method = el("select", { id: "fault-method" }, el("option", { value: ALL }, "every method"),
    faults.methods.map((name) => el("option", { value: name }, name)));
  const times = el("input", { id: "fault-times", type: "number", min: "1", placeholder: "until you end it" });
  const seconds = el("input", { id: "fault-seconds", type: "number", min: "0", step: "any" });
  const words = el("p.tool-note", { id: "fault-words" });
  const rows = { method: field("For", method), seconds: field("Seconds", seconds) };
  const chosen = () => faults.catalogue.find((entry) => entry.kind === kind.value);
  const show = () => showKind(chosen(), { words, seconds, rows });
  kind.addEventListener("change", show);
  const form = el("form.trouble-form", {}, field("What goes wrong", kind), rows.method,
    field("How often", times), rows.seconds, el("button", { type: "submit" }, "Switch on"), words);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    change({ add: faultOf(chosen(), { method, times, seconds }) });
  });
  show();
  return form;
}

function showKind(entry, { words, seconds, rows }) {
  words.textContent = entry.words;
  rows.method.hidden = entry.about !== "calls";
  rows.seconds.hidden = entry.seconds === null;
  rows.seconds.querySelector("label").textContent = capital(entry.seconds_mean || "seconds");
  seconds.value = entry.seconds ?? "";
}

function faultOf(entry, { method, times, seconds }) {
  const fault = { kind: entry.kind };
  if (entry.about === "calls") fault.methods = [method.value];
  if (times.value) fault.times = Number(times.value);
  if (entry.seconds !== null && seconds.value) fault.seconds = Number(seconds.value);
  return fault;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function field(label, control) {
  return el("div.trouble-field", {}, el("label", { for: control.id }, label), control);
}

function socketButtons() {
  const buttons = faults.sockets.map((entry) => {
    const wordsId = freshId("socket-words");
    const send = () => change({ sockets: entry.do, ...(entry.seconds !== null && { seconds: entry.seconds }) });
    return el("li", {},
      el("button", { type: "button", "aria-describedby": wordsId, onclick: send }, entry.title),
      el("span.tool-note", { id: wordsId }, entry.words));
  });
  return el("section", {}, el("h3", {}, "Sockets"), el("ul.sockets", {}, buttons));
}
