// What opens under the clock: ways to move it, and what the app is going to do by itself.

import { on } from "./bus.js";
import { cityOf, clockText, dayOf, dayTitle, localToUnix, timeOfDay, unixToLocal } from "./dates.js";
import { byId, debounced, el, icon, reconcile } from "./dom.js";
import { pointAt } from "./focus.js";
import { fetchUpcoming, moveClock } from "./server.js";
import { clockNow, clockState, reader, store } from "./store.js";

const HOUR = 3_600_000;
const STEPS = [["plus-hour", "+1 hour", HOUR], ["plus-day", "+1 day", 24 * HOUR], ["plus-week", "+1 week", 168 * HOUR]];
// The week's summaries leave in the morning of everyone's own zone: at noon in New York all of them are there.
const MONDAY_ZONE = "America/New_York";
const MONDAY_HOUR = "12:00";
const MOST_EVENTS = 60;
const BURST = 250;

const toggle = byId("clock-toggle");
const panel = byId("clock-panel");
const events = el("div.upcoming", { id: "upcoming" });
const problem = el("p.act-error", { id: "clock-problem", role: "alert", hidden: true });
const jumpField = el("input", {
  id: "jump-field", type: "datetime-local", required: true, "aria-describedby": "jump-note jump-error",
});
const jumpError = el("p.field-error", { id: "jump-error", role: "alert", hidden: true });

let upcoming = [];

export function startClockPanel() {
  build();
  panel.addEventListener("toggle", toggled);
  panel.addEventListener("click", keepOff, { capture: true });
  const refreshSoon = debounced(refresh, BURST);
  for (const name of ["clock", "state", "messages", "home"]) on(name, refreshSoon);
  on("clock", moved);
  on("state", arrived);
}

/** Opens the panel and, where `find(event)` fits, goes to an upcoming event. */
export async function showUpcoming(find) {
  open();
  await refresh();
  const index = upcoming.findIndex(find);
  const button = index < 0 ? null : events.querySelectorAll("button")[index];
  pointAt(button ?? byId("play-monday"));
}

/** Opens the panel at the button that plays to Monday. */
export function showMonday() {
  open();
  pointAt(byId("play-monday"));
}

function open() {
  if (!panel.matches(":popover-open")) panel.showPopover();
  drawWays();
}

function build() {
  panel.append(
    el("header.tool-header", {}, el("h2", { id: "clock-panel-title" }, "The clock the app sees"),
      el("button.icon-button", {
        type: "button", "aria-label": "Close", popovertarget: "clock-panel", popovertargetaction: "hide",
      }, icon("close"))),
    el("div.clock-ways", { id: "clock-ways" }),
    jumpForm(),
    problem,
    el("section", { id: "upcoming-section", "aria-labelledby": "upcoming-title" },
      el("h3", { id: "upcoming-title" }, "Coming up"), events),
  );
}

function focusFirst() {
  (panel.querySelector(".clock-ways button") ?? panel.querySelector("button")).focus();
}

function jumpForm() {
  const form = el("form.jump-form", { id: "jump-form", novalidate: true },
    el("label", { for: "jump-field", id: "jump-label" }, "Jump to…"),
    el("div.jump-row", {}, jumpField,
      el("button", { type: "submit", id: "jump-go" }, "Jump"),
      el("button", { type: "button", id: "play-go", onclick: () => go("play_to") }, "Play")),
    jumpError,
    el("p.tool-note", { id: "jump-note" },
      "Play lets everything happen in order; jump is downtime: only what still matters is caught up."));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go("jump_to");
  });
  jumpField.addEventListener("input", () => sayAtField(""));
  return form;
}

function toggled(event) {
  const isOpen = event.newState === "open";
  toggle.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return;
  say("");
  sayAtField("");
  showNowAtField();
  drawWays();
  refresh();
  if (panel.contains(document.activeElement)) return;
  focusFirst();
}

// ---- moving

function moved() {
  if (!clockState().journey && panel.matches(":popover-open")) showNowAtField();
  drawWays();
}

/** The panel may be open before the workspace is known; what was typed meanwhile stays. */
function arrived() {
  if (!jumpField.value) showNowAtField();
  drawWays();
}

function showNowAtField() {
  if (!store.me) return;
  jumpField.value = unixToLocal(clockNow().getTime() / 1000, store.me.tz);
}

/** From a button: plays, where that is possible. */
async function to(instant) {
  const way = clockState().canPlay ? "play_to" : "jump_to";
  sayAtField("");
  say(await moveClock({ [way]: instant.toISOString() }) ?? "");
}

/** From the field with the date. */
async function go(way) {
  if (!jumpField.value) {
    sayAtField("Give a date and a time.");
    return;
  }
  const instant = new Date(localToUnix(jumpField.value, store.me.tz) * 1000);
  sayAtField(await moveClock({ [way]: instant.toISOString() }) ?? "");
}

function say(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

function sayAtField(text) {
  jumpError.textContent = text;
  jumpError.hidden = !text;
  jumpField.setAttribute("aria-invalid", String(Boolean(text)));
}

/** Noon of the first Monday after today, where most of the example's programs are run from. */
export function nextMonday(now) {
  const day = new Date(Date.parse(`${dayOf(now, MONDAY_ZONE)}T00:00Z`));
  day.setUTCDate(day.getUTCDate() + (((8 - day.getUTCDay()) % 7) || 7));
  return new Date(localToUnix(`${day.toISOString().slice(0, 10)}T${MONDAY_HOUR}`, MONDAY_ZONE) * 1000);
}

const nextEvent = () => upcoming.find(({ at }) => at > clockNow());

// ---- drawing

function drawWays() {
  if (!store.me || !panel.matches(":popover-open")) return;
  const { canPlay, canJump, journey } = clockState();
  const busy = Boolean(journey);
  reconcile(byId("clock-ways"), [{
    key: "ways", signature: JSON.stringify([canPlay, canJump, store.me.tz]), build: () => buildWays(canPlay, canJump),
  }]);
  for (const button of panel.querySelectorAll("button:not(.icon-button)")) switchOff(button, busy);
  if (canPlay) {
    switchOff(byId("next-event"), busy || !nextEvent());
    byId("play-monday").textContent = `Play to ${dayTitle(nextMonday(clockNow()), reader())}`;
  }
  byId("jump-form").hidden = !canJump;
  byId("play-go").hidden = !canPlay;
  byId("jump-note").hidden = !canPlay;
  byId("jump-label").textContent = `Jump to… (time in ${cityOf(store.me.tz)})`;
  byId("upcoming-section").hidden = !canPlay;
}

// A button that is truly disabled loses the focus, and with it the way back to the clock.
const switchOff = (button, is) => button.setAttribute("aria-disabled", String(is));

function keepOff(event) {
  if (!event.target.closest("[aria-disabled='true']")) return;
  event.preventDefault();
  event.stopPropagation();
}

function buildWays(canPlay, canJump) {
  const steps = STEPS.map(([id, label, length]) => el("button", {
    type: "button", id, onclick: () => to(new Date(clockNow().getTime() + length)),
  }, label));
  if (!canJump) return el("p.tool-note", {}, "This clock runs by itself: it cannot be moved from here.");
  if (!canPlay) return el("div", {}, el("div.tool-row", {}, steps), el("p.tool-note", {}, APART));
  return el("div", {},
    el("div.tool-row", {},
      el("button.primary", { type: "button", id: "next-event", onclick: () => to(nextEvent().at) }, "Next event"),
      el("button", { type: "button", id: "play-monday", onclick: () => to(nextMonday(clockNow())) }, "Play to Monday"),
    ),
    el("div.tool-row", {}, steps));
}

const APART = "The app runs in another process, so the time between cannot be played: every button here jumps.";

async function refresh() {
  if (!store.me || !panel.matches(":popover-open") || !clockState().canPlay) return;
  try {
    upcoming = (await fetchUpcoming()).map(({ at, what }) => ({ at: new Date(at), what }));
  } catch (failure) {
    say(`What comes up could not be loaded: ${failure.message}`);
    return;
  }
  drawEvents();
  drawWays();
}

function drawEvents() {
  const hadFocus = events.contains(document.activeElement);
  const days = new Map();
  for (const event of upcoming.slice(0, MOST_EVENTS)) {
    const day = dayOf(event.at, store.me.tz);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  const rest = upcoming.length - MOST_EVENTS;
  reconcile(events, [
    ...[...days].map(([day, list]) => dayItem(day, list)),
    ...(upcoming.length ? [] : [noteItem("Nothing: the app waits for people now.")]),
    ...(rest > 0 ? [noteItem(`${rest} more after that.`)] : []),
  ]);
  if (hadFocus && !events.contains(document.activeElement)) focusFirst();
}

const noteItem = (text) => ({ key: text, signature: text, build: () => el("p.tool-note", {}, text) });

const dayItem = (day, list) => ({
  key: day,
  signature: JSON.stringify([dayTitle(list[0].at, reader()), store.me.tz, list]),
  build: () => el("section", {},
    el("h4", {}, dayTitle(list[0].at, reader())),
    el("ul", {}, list.map(eventRow))),
});

function eventRow({ at, what }) {
  const time = timeOfDay(at, store.me.tz);
  return el("li", {},
    el("time", { datetime: at.toISOString(), title: `${clockText(at, "UTC")} UTC` }, time),
    el("span.upcoming-what", {}, what),
    el("button.quiet", { type: "button", "aria-label": `Play to here: ${time}, ${what}`, onclick: () => to(at) },
      "Play to here"));
}
