// The messages of the channel or direct message on screen.

import { on } from "./bus.js";
import { byId, debounced, toast } from "./dom.js";
import { fetchMessages } from "./server.js";
import { showMessages, withoutReplies } from "./messages.js";
import { openChannel, store } from "./store.js";

const AT_BOTTOM = 80;
const BURST = 60;
const FLASH = 2500;

/** A list of messages that follows one source and stays at its newest message while the person is there. */
export class MessageList {
  /** load() resolves to {messages, options} of showMessages, or null when nothing is to be shown. */
  constructor(container, load) {
    this.container = container;
    this.load = load;
    this.run = 0;
    this.pinned = true;
    this.top = 0;
    container.addEventListener("scroll", () => this.scrolled());
    // Neither a growing composer nor a picture that comes late may push the newest message out of sight.
    container.addEventListener("load", () => this.pinned && this.toBottom(), { capture: true });
    new ResizeObserver(() => this.pinned && this.toBottom()).observe(container);
    this.refreshSoon = debounced(() => this.refresh(), BURST);
  }

  /** Only who scrolls up leaves the newest message: it does not count that the list grew below. */
  scrolled() {
    const { scrollTop } = this.container;
    this.pinned = this.isAtBottom || (this.pinned && scrollTop >= this.top);
    this.top = scrollTop;
  }

  get isAtBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.container;
    return scrollHeight - scrollTop - clientHeight < AT_BOTTOM;
  }

  toBottom() {
    this.container.scrollTop = this.container.scrollHeight;
  }

  /** Loads and shows; an answer that was overtaken by a newer request is dropped. */
  async refresh() {
    this.run += 1;
    const { run } = this;
    let loaded = null;
    try {
      loaded = await this.load();
    } catch (problem) {
      toast(`The messages could not be loaded: ${problem.message}`);
      return;
    }
    if (run !== this.run || !loaded) return;
    showMessages(this.container, loaded.messages, loaded.options);
    if (this.pinned) this.toBottom();
  }

  clear() {
    this.run += 1;
    this.container.replaceChildren();
  }

  /** Scrolls to a message and marks it for a moment; false when it is not there. */
  reveal(ts) {
    const node = [...this.container.children].find((child) => child.dataset.ts === ts);
    if (!node) return false;
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), FLASH);
    return true;
  }
}

const newestButton = byId("to-newest");

let list = null;
let openThread = null;
let sources = new Map();
// What stood unread when the conversation was opened: as many as `count`, from message `from` on.
let unread = { count: 0, from: null };

export function startConversation({ onThread }) {
  openThread = onThread;
  list = new MessageList(byId("messages"), load);
  newestButton.addEventListener("click", () => list.toBottom());
  list.container.addEventListener("scroll", () => { newestButton.hidden = list.isAtBottom; });
  on("messages", (event) => {
    if (!event.channel || event.channel === openChannel()) list.refreshSoon();
  });
}

async function load() {
  const channel = openChannel();
  if (!channel) return null;
  const messages = await fetchMessages(store.as, channel);
  const { listed, replies } = withoutReplies(messages);
  sources = new Map(messages.map((message) => [message.ts, message]));
  unread.from ??= firstUnread(listed, unread.count);
  return { messages: listed, options: { channel, replies, onThread: openThread, newFrom: unread.from } };
}

/** The oldest of the last `count` messages by others: one's own are never news. */
function firstUnread(messages, count) {
  const others = messages.filter(({ user }) => user !== store.as);
  return count ? others.at(-count)?.ts ?? others[0]?.ts ?? "" : "";
}

/** Shows the conversation of store.place: from the first of `news` unread messages on, else at its newest message. */
export async function showConversation(news) {
  unread = { count: news, from: null };
  list.clear();
  await list.refresh();
  list.toBottom();
  list.container.querySelector(".new-line")?.scrollIntoView({ block: "nearest" });
  newestButton.hidden = list.isAtBottom;
}

export const redrawConversation = () => list.refresh();

/** Goes to a message of the open conversation, into its thread when it is a reply. */
export function revealMessage(ts, thread) {
  const parent = thread ?? sources.get(ts)?.thread_ts;
  if (parent && parent !== ts) {
    list.reveal(parent);
    openThread(parent, ts);
  } else if (!list.reveal(ts)) {
    toast("This message is not in the conversation any more.");
  }
}
