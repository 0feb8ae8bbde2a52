// The steps of the tour through the seeded workspace: what to do, where that is, and how it shows that it was done.

import { emit, on } from "./bus.js";
import { nextMonday, showMonday, showUpcoming } from "./clockpanel.js";
import { byId } from "./dom.js";
import { pointAt } from "./focus.js";
import { fetchState, peekMessages } from "./server.js";
import { clockNow, clockState, openChannel, store } from "./store.js";

const PEOPLE = ["grace.kim", "luis.ortega", "maya.chen"];
const CHANNELS = ["p-101", "p-104", "prg-nova"];
const COMMAND = "/risk Vendor slips the API";

const personId = (name) => [...store.people.values()].find((person) => person.name === name)?.id;
const channelId = (name) => store.channels.find((channel) => channel.name === name)?.id;

/** Whether this is the workspace that the tour goes through, and its clock can be played. */
export const isTourPossible = () => clockState().canPlay && PEOPLE.every(personId) && CHANNELS.every(channelId);

/** Each: show() goes there; done({from}) tells whether it happened since the tour began. */
export const STEPS = [
  {
    title: "Log a risk",
    text: `You are Grace Kim, in the channel of her project. ${COMMAND} stands ready below: press Enter, say how likely `
      + "and how bad it is, and log it.",
    async show() {
      await goTo("grace.kim", channelId("p-104"));
      type(COMMAND);
    },
    done: ({ from }) => wasSaid("p-104", /^New \S+ risk/, from),
  },
  {
    title: "Let time pass until somebody is asked",
    text: "Once a week, in the morning of his own zone, Luis Ortega is asked for his project's status: one message, "
      + "with everything in it. Play the clock to that moment.",
    show: () => showUpcoming(({ what }) => what.includes("luis.ortega")),
    done: async ({ from }) => await isAsked("luis.ortega") || wasSaid("p-101", /^Ledger Migration is /, from),
  },
  {
    title: "Answer as somebody else",
    text: "Act as Luis Ortega and open the app's messages. Press Update status, write a sentence, and post it: "
      + "the ask goes quiet at once.",
    async show() {
      const dm = await dmOf("luis.ortega");
      await goTo("luis.ortega", dm, "app/messages");
      pointAt(await appearing('[data-action-id="status.open"]'));
    },
    done: ({ from }) => wasSaid("p-101", /^Ledger Migration is /, from),
  },
  {
    title: "Play to Monday",
    text: "The rest of the week happens in order: reminders, deadlines, weekends and holidays of three countries. "
      + "On Monday each program gets its summary.",
    show: showMonday,
    done: ({ from }) => isMonday(from),
  },
  {
    title: "Read the week in one message",
    text: "Maya Chen manages the program. In #prg-nova she finds what changed since last Monday, who was silent, "
      + "and what she is asked to decide.",
    show: () => goTo("maya.chen", channelId("prg-nova")),
    done: ({ from }) => isMonday(from) && isAt("maya.chen", channelId("prg-nova")),
  },
];

// ---- going there

const arrivals = [];

on("state", arrive);
on("place", arrive);

function arrive() {
  for (const arrival of arrivals.filter(({ name, channel }) => isAt(name, channel))) {
    arrivals.splice(arrivals.indexOf(arrival), 1);
    arrival.resolve();
  }
}

const isAt = (name, channel) => store.me?.name === name && openChannel() === channel;

/** Resolves when that person's window shows that conversation. */
function goTo(name, channel, place = channel) {
  const arrived = new Promise((resolve) => arrivals.push({ name, channel, resolve }));
  const id = personId(name);
  if (store.as === id) {
    window.location.hash = `#/${place}`;
  } else {
    window.history.replaceState(null, "", `?as=${id}#/${place}`);
    emit("act-as", id);
  }
  arrive();
  return arrived;
}

/** Resolves to the newest such node of the conversation, as soon as there is one. */
function appearing(selector) {
  const messages = byId("messages");
  const find = () => [...messages.querySelectorAll(selector)].at(-1);
  if (find()) return Promise.resolve(find());
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!find()) return;
      observer.disconnect();
      resolve(find());
    });
    observer.observe(messages, { childList: true, subtree: true });
  });
}

function type(text) {
  const composer = byId("composer");
  composer.value = text;
  composer.dispatchEvent(new Event("input"));
  composer.focus();
}

// ---- what happened

const isMonday = (from) => !clockState().journey && clockNow() >= nextMonday(from);

/** Whether the app said something like this there. Maya is everywhere. */
async function wasSaid(channel, pattern, from) {
  const messages = await peekMessages(personId("maya.chen"), channelId(channel));
  return messages.some(({ ts, text }) => Number(ts) * 1000 >= from.getTime() && pattern.test(text));
}

async function isAsked(name) {
  const messages = await peekMessages(personId(name), await dmOf(name));
  return messages.some(({ blocks }) => JSON.stringify(blocks).includes('"action_id":"status.open"'));
}

const dms = new Map();

/** The conversation of another person with the app. */
async function dmOf(name) {
  if (!dms.has(name)) dms.set(name, (await fetchState(personId(name))).app.dm);
  return dms.get(name);
}
