// The panel on the right: one message and its replies.

import { on } from "./bus.js";
import { Composer } from "./composer.js";
import { MessageList } from "./conversation.js";
import { byId, icon } from "./dom.js";
import { fetchMessages } from "./server.js";
import { openChannel, store } from "./store.js";

const panel = byId("thread");
const list = new MessageList(byId("thread-messages"), load);

let composer = null;
let opener = null;

export function startThread() {
  composer = new Composer(byId("thread-form"), {
    id: "thread-composer",
    place: () => ({ channel: openChannel(), thread_ts: store.thread, name: "the thread" }),
  });
  byId("thread-close").append(icon("close"));
  byId("thread-close").addEventListener("click", closeThread);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closeThread();
  });
  on("messages", (event) => {
    if (store.thread && (!event.channel || event.channel === openChannel())) list.refreshSoon();
  });
}

async function load() {
  const { thread } = store;
  const channel = openChannel();
  if (!thread || !channel) return null;
  const messages = await fetchMessages(store.as, channel, thread);
  return { messages, options: { channel, inThread: true } };
}

/** Opens the thread under a message; goes to one of its replies when `reply` is given. */
export async function openThread(ts, reply = null) {
  opener = document.activeElement;
  store.thread = ts;
  panel.hidden = false;
  document.body.classList.add("thread-open");
  composer.moved();
  list.clear();
  if (!reply) composer.input.focus();
  await list.refresh();
  if (reply) list.reveal(reply);
  else list.toBottom();
}

export function closeThread() {
  if (!store.thread) return;
  store.thread = null;
  list.clear();
  panel.hidden = true;
  document.body.classList.remove("thread-open");
  if (!opener?.isConnected) return;
  // The tools of a message can be reached only while it has the focus itself.
  opener.closest(".message")?.focus({ preventScroll: true });
  opener.focus();
}
