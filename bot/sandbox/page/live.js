// One session per acting person: the state at its start, then the stream of what changes.
//
// The stream is the only source that is in order, so modals and Home come from it. An act's own answer may overtake
// it or be overtaken; where the two disagree the state is fetched again.

import { emit, on } from "./bus.js";
import { toast } from "./dom.js";
import { act, fetchState, openStream } from "./server.js";
import { forgetPerson, setClock, setUnread, store, takeState } from "./store.js";

const MOST_ROUNDS = 5;

let session = null;

/** Acts as another person from now on. Resolves when their workspace is on screen. */
export async function startSession(as) {
  session?.stop();
  forgetPerson(as);
  const mine = { as, serial: 0, opened: false, stop: () => {} };
  session = mine;
  mine.stop = openStream(as, {
    onEvent: (event) => takeEvent(mine, event),
    onOpen: () => reopened(mine),
    onLost: () => emit("connection", false),
  });
  await syncState(mine);
}

function reopened(mine) {
  emit("connection", true);
  if (mine.opened) catchUp(mine);
  mine.opened = true;
}

async function catchUp(mine) {
  await syncState(mine);
  emit("messages", {});
}

/** Fetches the state until no modal or Home changed meanwhile, then shows it. */
async function syncState(mine = session) {
  let state = null;
  try {
    for (let round = 0, seen = -1; round < MOST_ROUNDS && seen !== mine.serial; round += 1) {
      seen = mine.serial;
      state = await fetchState(mine.as);
    }
  } catch (problem) {
    toast(`The workspace could not be loaded: ${problem.message}`);
    return;
  }
  if (mine !== session) return;
  takeState(state);
  emit("state");
}

const EVENTS = {
  message: (event) => emit("messages", event),
  deleted: (event) => emit("messages", event),
  unread: ({ channels }) => {
    for (const [channel, counts] of Object.entries(channels)) setUnread(channel, counts);
    emit("unread");
  },
  membership: () => syncState(),
  clock: (event) => {
    setClock(event);
    emit("clock", event);
  },
  traffic: (event) => {
    store.traffic = event;
    emit("traffic");
  },
  modals: (event, mine) => {
    mine.serial += 1;
    store.modals = event.modals;
    emit("modals");
  },
  home: (event, mine) => {
    mine.serial += 1;
    store.home = event.view;
    emit("home");
  },
};

function takeEvent(mine, event) {
  if (mine === session) EVENTS[event.type]?.(event, mine);
}

const versions = (views) => JSON.stringify(views.map((view) => [view.id, view.hash]));

function disagrees(answer) {
  const modals = answer.modals && versions(answer.modals) !== versions(store.modals);
  const home = answer.home && versions([answer.home]) !== versions(store.home ? [store.home] : []);
  return modals || home;
}

on("answer", (answer) => {
  if (disagrees(answer)) syncState();
});

/** An act outside any message or view; what went wrong is shown as a toast. */
export async function actAsMe(body) {
  const answer = await act({ as: store.as, ...body });
  emit("answer", answer);
  return answer;
}
