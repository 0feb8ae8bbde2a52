// Starts the page and moves between its places. The address says where one is: ?as=U…#/C…/ts/thread or #/app/home.

import { emit, on } from "./bus.js";
import { startClock } from "./clock.js";
import { Composer } from "./composer.js";
import { redrawConversation, revealMessage, showConversation, startConversation } from "./conversation.js";
import { byId, el, icon, toast } from "./dom.js";
import { openHome, startHome } from "./home.js";
import { startInspector } from "./inspector.js";
import { actAsMe, startSession } from "./live.js";
import { startModals } from "./modal.js";
import { roving } from "./roving.js";
import { explainError } from "./server.js";
import { startSidebar } from "./sidebar.js";
import { channelOf, fullNameOf, openChannel, store } from "./store.js";
import { startSwitcher } from "./switcher.js";
import { closeThread, openThread, startThread } from "./thread.js";
import { startTour } from "./tour.js";

const TABS = [["home", "Home"], ["messages", "Messages"]];

const tabs = byId("place-tabs");
const settleTabs = roving(tabs, "[role=tab]", {
  axis: "horizontal", preferred: (nodes) => nodes.find((tab) => tab.getAttribute("aria-selected") === "true"),
});
const actions = byId("place-actions");
const composer = new Composer(byId("composer-form"), {
  id: "composer",
  place: () => ({ channel: openChannel(), name: placeName(), closed: whyClosed() }),
});

function placeName() {
  const { channel, tab } = store.place;
  if (tab) return store.app.name;
  if (channelOf(channel)) return `#${channelOf(channel).name}`;
  const dm = store.dms.find(({ id }) => id === channel);
  return dm ? fullNameOf(dm.user) : "";
}

function whyClosed() {
  const channel = channelOf(openChannel());
  if (channel && !channel.member) return `You are not in #${channel.name}, so you cannot write here.`;
  return store.place.tab && !store.app.takes_messages ? `${store.app.name} reads no messages: press its buttons.` : null;
}

function drawHeader() {
  const channel = store.place.tab ? null : channelOf(store.place.channel);
  const name = channel ? [icon(channel.is_private ? "lock" : "hash"), channel.name] : [placeName()];
  byId("place-title").replaceChildren(...name);
  drawTitle();
  drawTabs();
  actions.replaceChildren(...(channel ? [membershipButton(channel)] : []));
}

function drawTabs() {
  tabs.hidden = !store.place.tab;
  tabs.replaceChildren(...TABS.map(([tab, label]) => el("a.tab", {
    href: `#/app/${tab}`, role: "tab", "aria-selected": String(store.place.tab === tab),
  }, label)));
  settleTabs();
}

function membershipButton(channel) {
  const verb = channel.bot_member ? "remove_bot" : "invite_bot";
  const label = channel.bot_member ? `Remove ${store.app.name}` : `Add ${store.app.name}`;
  return el("button.quiet", {
    type: "button", onclick: () => orToast({ do: verb, channel: channel.id }),
  }, label);
}

async function orToast(body) {
  const answer = await actAsMe(body);
  if (answer.error) toast(explainError(answer.error));
}

function readAddress() {
  const [first, second, third] = window.location.hash.replace(/^#\//, "").split("/");
  if (first === "app") return { tab: second === "messages" ? "messages" : "home", channel: store.app.dm };
  if (first && first === store.app.dm) return { tab: "messages", channel: first, ts: second, thread: third };
  return { tab: null, channel: first, ts: second, thread: third };
}

const isKnown = (id) => Boolean(channelOf(id)) || store.dms.some((dm) => dm.id === id);

/** Where a person starts who has no valid address: the first channel with the app in it. */
function startAddress() {
  const mine = store.channels.filter((channel) => channel.member);
  const first = mine.find((channel) => channel.bot_member) ?? mine[0];
  return first ? `#/${first.id}` : "#/app/home";
}

async function goToAddress() {
  if (!store.me) return;
  const place = readAddress();
  if (!place.tab && !isKnown(place.channel)) {
    if (place.channel) toast(`${store.me.real_name || store.me.name} cannot open this conversation.`);
    window.history.replaceState(null, "", store.place.channel ? placeAddress() : startAddress());
    if (store.place.channel) return;
    goToAddress();
    return;
  }
  await goTo(place);
  if (place.ts) revealMessage(place.ts, place.thread);
}

const placeAddress = () => (store.place.tab ? `#/app/${store.place.tab}` : `#/${store.place.channel}`);

async function goTo({ tab, channel }) {
  const moved = tab !== store.place.tab || channel !== store.place.channel;
  store.place = { tab, channel };
  byId("home").hidden = tab !== "home";
  byId("conversation").hidden = tab === "home";
  drawHeader();
  if (!moved) return;
  closeThread();
  const news = store.unread.get(channel)?.unread ?? 0;
  seen(store.place.channel);
  emit("place");
  composer.moved();
  if (tab === "home") await openHome();
  else await showConversation(news);
  // The app hears of it, but nobody waits for its answer: Slack does not show one either.
  if (tab === "messages") actAsMe({ do: "open_dm" });
}

function seen(channel) {
  if (store.place.tab !== "home") store.unread.delete(channel);
}

/** The number of mentions stands in the window's title too: it can be seen while another window is in front. */
function drawTitle() {
  const mentions = [...store.unread.values()].reduce((sum, counts) => sum + counts.mentions, 0);
  document.title = `${mentions ? `(${mentions}) ` : ""}${placeName()} · ${store.workspace}`;
}

async function actAs(id) {
  closeThread();
  store.place = { channel: null, tab: null };
  const address = new URL(window.location.href);
  address.searchParams.set("as", id);
  window.history.replaceState(null, "", address);
  await startSession(id);
  const fallback = document.body.dataset.firstPerson;
  if (!store.me && store.as === id && id !== fallback) {
    await actAs(fallback);
    return;
  }
  await goToAddress();
}

function skipToPlace(event) {
  event.preventDefault();
  byId("place-title").focus();
}

function followLinks(event) {
  const link = event.target.closest?.("a[href^='#/']");
  // The same address twice is no change for the browser, but the person wants to go there again.
  if (link && link.getAttribute("href") === window.location.hash) goToAddress();
}

function stateArrived() {
  drawHeader();
  seen(store.place.channel);
  emit("unread");
  if (!openChannel()) return;
  composer.moved();
  redrawConversation();
}

startConversation({ onThread: openThread });
startThread();
startModals();
startHome();
startClock();
startInspector();
startTour();
startSidebar({ onPerson: actAs });
startSwitcher();
on("state", stateArrived);
on("unread", drawTitle);
on("place", drawTitle);
on("connection", (up) => document.body.classList.toggle("offline", !up));
window.addEventListener("hashchange", goToAddress);
document.addEventListener("click", followLinks);
byId("skip-link").addEventListener("click", skipToPlace);
await actAs(new URLSearchParams(window.location.search).get("as") ?? document.body.dataset.firstPerson);
