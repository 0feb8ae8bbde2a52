// The clock the app sees, as the top bar shows it: the time, and how far a journey is.

import { on } from "./bus.js";
import { startClockPanel } from "./clockpanel.js";
import { cityOf, clockText } from "./dates.js";
import { byId, toast } from "./dom.js";
import { clockNow, clockState, store } from "./store.js";

const TICK = 1000;

const face = byId("clock");
const progress = byId("clock-progress");
const bar = progress.querySelector("progress");

let wasMoving = false;

export function startClock() {
  startClockPanel();
  on("clock", moved);
  on("state", moved);
  setInterval(draw, TICK);
}

function moved() {
  const { journey, problem } = clockState();
  const isMoving = Boolean(journey);
  if (isMoving !== wasMoving) byId("clock-status").textContent = isMoving ? "The clock moves." : "The clock has arrived.";
  if (wasMoving && !isMoving && problem) toast(problem);
  wasMoving = isMoving;
  progress.hidden = !isMoving;
  draw();
}

function draw() {
  if (!store.me) return;
  const now = clockNow();
  const iso = now.toISOString();
  face.dataset.now = iso;
  face.setAttribute("datetime", iso);
  setText(face, `${clockText(now, store.me.tz)} ${cityOf(store.me.tz)}`);
  setText(byId("clock-utc"), `${clockText(now, "UTC").split(", ")[1]} UTC`);
  drawJourney(now);
}

function drawJourney(now) {
  const { journey } = clockState();
  if (!journey) return;
  bar.value = Math.min(1, (now - journey.from) / (journey.until - journey.from));
  setText(byId("clock-target"), `to ${clockText(journey.until, store.me.tz)}`);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
