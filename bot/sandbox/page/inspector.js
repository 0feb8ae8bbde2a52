// The traffic between Slack and the app, newest first, as it goes by.

import { on } from "./bus.js";
import { clockText, fullMoment } from "./dates.js";
import { byId, debounced, el, icon, reconcile, toast } from "./dom.js";
import { colouredJson, prettyJson } from "./json.js";
import { fetchTraffic, fetchTrafficLine } from "./server.js";
import { channelOf, fullNameOf, personOf, store } from "./store.js";
import { startTrouble } from "./trouble.js";

const MOST_ROWS = 200;
const TYPING = 250;
const WORDS = {
  operation_timeout: "no answer in 3 s",
  dispatch_failed: "app not reached",
  connection_broken: "connection broke",
};

const toggle = byId("inspector-toggle");
const drawer = byId("inspector");
const list = el("ol.traffic", { id: "traffic", "aria-label": "Calls and deliveries, newest first" });
const note = el("p.tool-note", { id: "traffic-note", role: "status" });
const text = el("input", { type: "search", id: "traffic-text", placeholder: "Filter", "aria-label": "Filter by text" });
const onlyProblems = el("input", { type: "checkbox", id: "traffic-problems" });
const pauseButton = el("button.quiet", { type: "button", id: "traffic-pause", "aria-pressed": "false" }, "Pause");

let rows = new Map();
let details = new Map();
let seen = 0;
let clearedAt = 0;
let paused = false;
let loading = null;

export function startInspector() {
  build();
  toggle.prepend(icon("traffic"));
  toggle.addEventListener("click", () => (drawer.hidden ? openInspector() : close()));
  drawer.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
  text.addEventListener("input", debounced(startOver, TYPING));
  onlyProblems.addEventListener("change", startOver);
  on("traffic", () => !paused && loadSoon());
  on("traffic", drawCount);
  on("state", () => {
    drawCount();
    draw();
  });
}

export function openInspector() {
  if (!drawer.hidden) return;
  drawer.hidden = false;
  toggle.setAttribute("aria-expanded", "true");
  text.focus();
  loadSoon();
}

function close() {
  drawer.hidden = true;
  toggle.setAttribute("aria-expanded", "false");
  toggle.focus();
}

function build() {
  const trouble = startTrouble();
  pauseButton.addEventListener("click", () => pause(!paused));
  drawer.prepend(
    el("header.tool-header", {},
      el("h2", { id: "inspector-title" }, "Traffic"),
      el("div.traffic-tools", {}, text,
        el("label", {}, onlyProblems, " Only problems"),
        pauseButton,
        el("button.quiet", { type: "button", id: "traffic-clear", onclick: clear }, "Clear"),
        trouble.toggle),
      el("button.icon-button", { type: "button", "aria-label": "Close the traffic", onclick: close }, icon("close"))),
  );
  drawer.append(trouble.active, trouble.section, note, list);
}

// ---- what is listed

function pause(is) {
  paused = is;
  pauseButton.setAttribute("aria-pressed", String(is));
  if (is) draw();
  else loadSoon();
}

function clear() {
  clearedAt = Math.max(clearedAt, ...rows.keys());
  startOver();
}

function startOver() {
  rows = new Map();
  details = new Map();
  seen = 0;
  loadSoon();
}

/** Loads what is new; one request at a time, and one more for all that came meanwhile. */
function loadSoon() {
  if (drawer.hidden) return;
  if (loading) {
    loading.again = true;
    return;
  }
  const mine = { again: false };
  loading = mine;
  load().catch((problem) => toast(`The traffic could not be loaded: ${problem.message}`)).finally(() => {
    loading = null;
    if (mine.again) loadSoon();
  });
}

async function load() {
  const into = rows;
  const { lines, last } = await fetchTraffic(seen, text.value, onlyProblems.checked);
  // The filter changed on the way: what arrived belongs to the former one.
  if (into !== rows) return;
  seen = last;
  for (const line of lines) if (line.number > clearedAt) rows.set(line.number, line);
  const newest = [...rows.keys()].sort((one, other) => other - one);
  for (const number of newest.slice(MOST_ROWS)) rows.delete(number);
  await renewDetails(lines);
  draw();
}

/** A line that was opened while it waited for its answer shows it now. */
async function renewDetails(lines) {
  const stale = lines.filter(({ number }) => details.has(number));
  await Promise.all(stale.map(async ({ number }) => details.set(number, await fetchTrafficLine(number))));
}

async function openRow(number) {
  if (details.delete(number)) {
    draw();
    return;
  }
  try {
    details.set(number, await fetchTrafficLine(number));
  } catch (problem) {
    toast(`This line could not be opened: ${problem.message}`);
  }
  draw();
}

// ---- drawing

function drawCount() {
  const { problems } = store.traffic;
  const count = byId("inspector-count");
  count.textContent = problems > 99 ? "99+" : String(problems || "");
  count.hidden = !problems;
  byId("inspector-count-words").textContent = problems ? `, ${problems} problems` : "";
}

function draw() {
  if (drawer.hidden || !store.me) return;
  const shown = [...rows.values()].sort((one, other) => other.number - one.number);
  note.textContent = noteText(shown.length);
  reconcile(list, shown.map((row) => ({
    key: row.number,
    signature: JSON.stringify([row, store.as, details.get(row.number)?.milliseconds]),
    build: () => buildRow(row, details.get(row.number)),
  })));
}

function noteText(count) {
  const filtered = text.value.trim() || onlyProblems.checked;
  if (paused) return "Paused: new lines wait until you go on.";
  if (!count) return filtered ? "Nothing here fits the filter." : "Nothing yet. Type a command, or let the clock play.";
  return count === MOST_ROWS ? `The newest ${MOST_ROWS}.` : "";
}

function buildRow(row, detail) {
  const panelId = `traffic-${row.number}`;
  const isOpen = Boolean(detail);
  return el(`li.exchange${row.problem ? ".problem" : ""}`, {},
    el("button.exchange-row", {
      type: "button", "aria-expanded": String(isOpen), "aria-controls": panelId, onclick: () => openRow(row.number),
    },
    el("span.way", { data: { way: row.to_app ? "in" : "out" } }, row.to_app ? "Slack → app" : "app → Slack"),
    el("span.method", {}, row.method),
    el("span.gist", {}, row.gist),
    el("span.who", {}, whoOf(row)),
    el("time", { datetime: row.at, title: fullMoment(new Date(row.at), store.me.tz) }, momentOf(row)),
    el("span.took", {}, row.milliseconds === null ? "…" : `${Math.round(row.milliseconds)} ms`),
    el("span.result", {}, row.problem && icon("warn"), resultOf(row))),
    el("div.exchange-detail", { id: panelId, hidden: !isOpen }, isOpen && buildDetail(detail)));
}

const momentOf = (row) => clockText(new Date(row.at), store.me.tz).replace(/ \d{4},/, ",");

function whoOf({ user, channel }) {
  return [personOf(user) ? fullNameOf(user) : user, placeOf(channel)].filter(Boolean).join(" · ");
}

function placeOf(channel) {
  if (channelOf(channel)) return `#${channelOf(channel).name}`;
  // The sandbox names the conversation of a person with the app after the person.
  const person = personOf(channel.replace(/^D/, "U"));
  return person ? `to ${fullNameOf(person.id)}` : channel;
}

function resultOf({ milliseconds, error, status }) {
  if (milliseconds === null) return "waiting…";
  if (!error) return "ok";
  const words = WORDS[error] ?? error;
  return status >= 400 && !words.includes(status) ? `${status} ${words}` : words;
}

function buildDetail(detail) {
  const [asked, answered] = detail.to_app ? ["Payload", "Acknowledgement"] : ["Sent", "Answer"];
  return [jsonPane(asked, detail.sent), jsonPane(answered, detail.answer)];
}

function jsonPane(title, value) {
  const json = prettyJson(value);
  const heading = el("header.tool-header", {}, el("h3", {}, title));
  if (value === null) return el("section.pane", {}, heading, el("p.tool-note", {}, "There was none."));
  heading.append(el("button.quiet", { type: "button", onclick: () => copy(json) }, `Copy ${title.toLowerCase()}`));
  return el("section.pane", {}, heading,
    el("pre.json", { tabindex: "0", role: "region", "aria-label": title }, colouredJson(json)));
}

async function copy(json) {
  try {
    await navigator.clipboard.writeText(json);
    toast("Copied.");
  } catch {
    toast("The browser did not allow copying.");
  }
}
