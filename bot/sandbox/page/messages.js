// A list of messages: days, authors, "Only visible to you", replies, and what one can do with a message.

import { renderBlock } from "./blocks.js";
import { dayOf, dayTitle, fullMoment, slackDate, timeOfDay, tsToDate } from "./dates.js";
import { el, icon, reconcile, toast } from "./dom.js";
import { renderFiles } from "./files.js";
import { keepFocus } from "./focus.js";
import { foldable } from "./longtext.js";
import { renderMrkdwn } from "./mrkdwn.js";
import { avatar, faces, showProfile } from "./people.js";
import { roving } from "./roving.js";
import { messageMenu } from "./shortcuts.js";
import { fullNameOf, personOf, reader, store } from "./store.js";
import { Surface } from "./surface.js";

// Messages of one author within these seconds stand under one name.
const SAME_BREATH = 300;
const lists = new WeakMap();

/** Shows `messages` in `container`. options: {channel, inThread, onThread(ts), replies: Map(ts -> number), newFrom}. */
export function showMessages(container, messages, options) {
  const day = dayOf(reader().now, reader().timeZone);
  const items = [];
  messages.forEach((message, index) => {
    const former = messages[index - 1];
    if (!former || dayOf(tsToDate(former.ts), reader().timeZone) !== dayOf(tsToDate(message.ts), reader().timeZone)) {
      items.push(...dayItems(message, day));
    }
    const isFirstNew = message.ts === options.newFrom;
    if (isFirstNew) items.push(NEW_LINE);
    items.push(messageItem(message, isFirstNew ? null : former, { ...options, day }));
  });
  keepFocus(container, () => reconcile(container, items));
  settle(container);
}

/** A list of messages is one Tab stop, at its newest message; an empty one is itself the stop. */
function settle(container) {
  if (!lists.has(container)) {
    lists.set(container, roving(container, ".message", { preferred: (nodes) => nodes.at(-1) }));
  }
  lists.get(container)();
  container.tabIndex = container.querySelector(".message") ? -1 : 0;
}

/** A line that scrolls by, and the name of the day, which stays on top while its messages do. */
function dayItems(message, today) {
  const title = dayTitle(tsToDate(message.ts), reader());
  const key = dayOf(tsToDate(message.ts), reader().timeZone);
  return [
    { key: `line ${key}`, signature: "", build: () => el("div.day-line", { "aria-hidden": "true" }) },
    { key: `day ${key}`, signature: `${title} ${today}`, build: () => el("h2.day", {}, el("span", {}, title)) },
  ];
}

const NEW_LINE = {
  key: "new", signature: "", build: () => el("p.new-line", {}, el("span", {}, "New")),
};

function messageItem(message, former, options) {
  const shape = {
    compact: Boolean(former) && follows(message, former),
    replies: options.replies?.get(message.ts) ?? 0,
  };
  return {
    key: `${message.ts}${message.ephemeral ? " private" : ""}`,
    signature: JSON.stringify([message, shape, options.day, store.as]),
    build: () => buildMessage(message, { ...options, ...shape }),
  };
}

const follows = (message, former) => message.user === former.user && !message.ephemeral && !former.ephemeral
  && Number(message.ts) - Number(former.ts) < SAME_BREATH
  && dayOf(tsToDate(message.ts), reader().timeZone) === dayOf(tsToDate(former.ts), reader().timeZone);

function buildMessage(message, options) {
  const problem = el("p.act-error", { role: "alert", hidden: true });
  const surface = new Surface(containerOf(message, options.channel), {
    report: (text) => {
      problem.textContent = text;
      problem.hidden = !text;
    },
  });
  const classes = [options.compact && ".compact", message.ephemeral && ".ephemeral"].filter(Boolean).join("");
  return el(`article.message${classes}`, {
    "aria-label": `${fullNameOf(message.user)}, ${timeOf(message)}`, tabindex: "-1",
    data: { ts: message.ts, ephemeral: message.ephemeral ? "true" : undefined },
  },
  message.ephemeral && el("p.only-you", {}, icon("eye"), "Only visible to you"),
  options.compact
    ? el("span.gutter-time", { "aria-hidden": "true" }, timeOf(message))
    : openingProfile(avatar(message.user), message.user),
  el("div.message-body", {},
    !options.compact && byline(message),
    el("div.content", {}, renderContent(message, surface), message.files && renderFiles(message.files)),
    problem,
    replyBar(message, options)),
  toolbar(message, options));
}

const containerOf = (message, channel) => ({
  type: "message", channel_id: channel, message_ts: message.ts, is_ephemeral: Boolean(message.ephemeral),
});

const timeOf = (message) => timeOfDay(tsToDate(message.ts), reader().timeZone);

/** Picture and name open the card about a person for the pointer; the keyboard finds it among the message's tools. */
function openingProfile(node, userId) {
  node.addEventListener("click", () => showProfile(userId, node));
  return node;
}

function byline(message) {
  const moment = fullMoment(tsToDate(message.ts), reader().timeZone);
  return el("header.byline", {},
    openingProfile(el("strong.name", {}, el("bdi", {}, fullNameOf(message.user))), message.user),
    personOf(message.user)?.is_bot && el("span.app-badge", {}, "App"),
    el("time", { datetime: tsToDate(message.ts).toISOString(), title: moment }, timeOf(message)));
}

function renderContent(message, surface) {
  const edited = message.edited && el("span.edited", {}, "(edited)");
  if (!message.blocks?.length) {
    const text = message.text ?? "";
    if (!text && message.files) return edited;
    return foldable(el("div.mrkdwn", {}, renderMrkdwn(text), edited && " ", edited), text);
  }
  return [...message.blocks.map((block) => renderBlock(block, surface)), edited];
}

const repliesText = (count) => `${count} ${count === 1 ? "reply" : "replies"}`;

/** Who replied, how often and when last; leads into the thread. */
function replyBar(message, { inThread, replies, onThread }) {
  if (inThread || !replies) return null;
  const { latest_reply: latest, reply_users: people = [] } = message;
  const when = latest && slackDate(Number(latest), "Last reply {date_short_pretty} at {time}", "", reader());
  return el("button.reply-bar", {
    type: "button", data: { thread: message.ts }, onclick: () => onThread(message.ts),
  }, faces(people), el("span.reply-count", {}, repliesText(replies)), when && el("span.note", {}, when));
}

/** What Slack shows in the corner of a message while it is pointed at or has the focus. */
function toolbar(message, { inThread, channel, onThread }) {
  const { ts, ephemeral } = message;
  if (ephemeral) return [];
  const { button, menu } = messageMenu(channel, ts);
  const bar = el("div.message-tools", { role: "toolbar", "aria-label": "Message" },
    !inThread && tool("reply", "Reply in thread", { thread: ts }, () => onThread(ts)),
    tool("link", "Copy link to message", {}, () => copyLink(channel, message)),
    tool("person", `About ${fullNameOf(message.user)}`, {}, (event) => showProfile(message.user, event.target)),
    button);
  roving(bar, "button", { axis: "horizontal" })();
  return [bar, menu];
}

const tool = (sign, label, data, onclick) => el("button.icon-button", {
  type: "button", "aria-label": label, title: label, data, onclick,
}, icon(sign));

async function copyLink(channel, message) {
  const thread = isReply(message) ? `/${message.thread_ts}` : "";
  const address = new URL(window.location.href);
  address.hash = `#/${channel}/${message.ts}${thread}`;
  try {
    await navigator.clipboard.writeText(address.href);
    toast("The link is copied.");
  } catch {
    toast(`The browser does not let this page copy. The link is ${address.href}`);
  }
}

const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

/** What belongs into a channel's list, and how many replies each message there has. */
export function withoutReplies(messages) {
  const replies = new Map();
  for (const message of messages) {
    if (message.reply_count) replies.set(message.ts, message.reply_count);
  }
  for (const message of messages.filter(isReply)) {
    const parent = messages.find((other) => other.ts === message.thread_ts);
    if (!parent?.reply_count) replies.set(message.thread_ts, (replies.get(message.thread_ts) ?? 0) + 1);
  }
  return { listed: messages.filter((message) => !isReply(message)), replies };
}
