// A short way through the workspace for whoever is here for the first time. It asks for nothing and stands in no way.

import { on } from "./bus.js";
import { byId, debounced, el, icon, toast } from "./dom.js";
import { clockNow, store } from "./store.js";
import { isTourPossible, STEPS } from "./toursteps.js";

const KEY = "sandbox-tour";
const PAUSE = 400;

const card = byId("tour");
const toggle = byId("tour-toggle");

/** {seen, step: number or null, from: ISO instant at which the tour began} */
let tour = {};
let justDone = "";
let checking = false;

export function startTour() {
  tour = recall();
  toggle.prepend(icon("flag"));
  toggle.addEventListener("click", () => {
    if (isRunning()) card.querySelector("button").focus();
    else begin();
  });
  const checkSoon = debounced(check, PAUSE);
  for (const name of ["state", "place", "clock", "traffic", "messages"]) on(name, checkSoon);
  on("state", arrived);
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    tour = recall();
    draw();
  });
}

function arrived() {
  toggle.hidden = !isTourPossible();
  // A workspace that was made anew starts before the tour through the former one did.
  if (tour.from && new Date(tour.from) > clockNow()) tour = {};
  draw();
}

const isRunning = () => Number.isInteger(tour.step);

function recall() {
  try {
    return JSON.parse(window.localStorage.getItem(KEY)) ?? {};
  } catch {
    // Where the browser keeps nothing, the tour is offered again.
    return {};
  }
}

function remember(changes) {
  tour = { ...tour, ...changes, seen: true };
  try {
    window.localStorage.setItem(KEY, JSON.stringify(tour));
  } catch {
    // It goes on in this window all the same.
  }
  draw();
}

function begin() {
  justDone = "";
  remember({ step: 0, from: clockNow().toISOString() });
  STEPS[0].show();
}

const end = () => remember({ step: null });

function next(done) {
  justDone = done;
  remember({ step: tour.step + 1 });
}

/** Goes on past every step that happened, by whatever way. */
async function check() {
  if (checking || !isRunning() || !store.me) return;
  checking = true;
  try {
    while (isRunning() && STEPS[tour.step]) {
      const { step, from } = tour;
      const isDone = await STEPS[step].done({ from: new Date(from) });
      if (!isDone) break;
      if (tour.step === step) next(STEPS[step].title);
    }
  } catch (problem) {
    toast(`Whether this step is done could not be found out: ${problem.message}`);
  } finally {
    checking = false;
  }
}

// ---- drawing

function draw() {
  const shown = isTourPossible() && (isRunning() || !tour.seen);
  card.hidden = !shown;
  const content = isRunning() ? String(tour.step) : "offer";
  if (!shown || card.dataset.shows === content) return;
  const hadFocus = card.contains(document.activeElement);
  card.dataset.shows = content;
  card.replaceChildren(...content === "offer" ? offer() : step());
  if (hadFocus) card.querySelector("button").focus();
}

function offer() {
  return [
    says(el("strong", {}, "New here?"), " In five short steps you log a risk, answer for somebody else, and let a week go by."),
    el("div.tool-row", {}, button("Take the tour", begin, "primary"), button("Not now", end)),
  ];
}

function step() {
  const current = STEPS[tour.step];
  if (!current) {
    return [
      says(el("strong", {}, "That was the tour."),
        " Act as anyone, play on, or open Traffic to see every call. The tour stays up there, beside the clock."),
      el("div.tool-row", {}, button("Close", end, "primary")),
    ];
  }
  return [
    says(
      justDone && el("span.tour-done", {}, icon("check"), `${justDone}: done. `),
      el("span.tour-count", {}, `Step ${tour.step + 1} of ${STEPS.length}`),
      el("strong", {}, ` ${current.title}. `), current.text,
    ),
    el("div.tool-row", {}, button("Show me where", current.show, "primary"),
      button("Skip this step", () => next("")), button("End the tour", end)),
  ];
}

const says = (...parts) => el("p", { role: "status" }, parts);

const button = (label, onclick, kind = "quiet") => el(`button.${kind}`, { type: "button", onclick: () => onclick() }, label);
