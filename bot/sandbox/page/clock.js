// The clock the app sees, and the buttons that play it forward.

import { on } from "./bus.js";
import { cityOf, clockText } from "./dates.js";
import { byId, toast } from "./dom.js";
import { advanceClock } from "./server.js";
import { clockNow, isClockPlaying, store } from "./store.js";

const HOUR = 3600;
const TICK = 1000;

const face = byId("clock");
const buttons = [[byId("plus-hour"), HOUR], [byId("plus-week"), 7 * 24 * HOUR]];
const progress = byId("clock-progress");
const bar = progress.querySelector("progress");
const note = byId("clock-note");

let journey = null;

export function startClock() {
  for (const [button, seconds] of buttons) button.addEventListener("click", () => play(seconds));
  on("clock", (event) => showPlaying(Boolean(event.playing), event.note));
  on("state", () => showPlaying(isClockPlaying()));
  setInterval(draw, TICK);
}

async function play(seconds) {
  const from = clockNow().getTime();
  journey = { from, to: from + seconds * 1000 };
  showPlaying(true, "Starting…");
  const refusal = await advanceClock(seconds);
  if (!refusal) return;
  toast(refusal);
  showPlaying(isClockPlaying());
}

function showPlaying(is, text) {
  progress.hidden = !is;
  for (const [button] of buttons) button.disabled = is;
  note.textContent = is ? text || "Playing…" : "";
  if (!is) journey = null;
  draw();
}

function draw() {
  if (!store.me) return;
  const now = clockNow();
  const zone = store.me.tz;
  const iso = now.toISOString();
  face.dataset.now = iso;
  face.setAttribute("datetime", iso);
  setText(face, `${clockText(now, zone)} ${cityOf(zone)}`);
  setText(byId("clock-utc"), `${clockText(now, "UTC").split(", ")[1]} UTC`);
  if (journey) bar.value = Math.min(1, (now - journey.from) / (journey.to - journey.from));
  else bar.removeAttribute("value");
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
