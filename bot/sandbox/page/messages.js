// A list of messages: days, authors, "Only visible to you", replies.

import { renderBlock } from "./blocks.js";
import { dayOf, dayTitle, fullMoment, timeOfDay, tsToDate } from "./dates.js";
import { el, icon, reconcile } from "./dom.js";
import { keepFocus } from "./focus.js";
import { renderMrkdwn } from "./mrkdwn.js";
import { fullNameOf, personOf, reader, store } from "./store.js";
import { Surface } from "./surface.js";

// Messages of one author within these seconds stand under one name.
const SAME_BREATH = 300;
const AVATAR_COLOURS = 8;

/** Shows `messages` in `container`. options: {channel, inThread, onThread(ts), replies: Map(ts -> number)}. */
export function showMessages(container, messages, options) {
  const day = dayOf(reader().now, reader().timeZone);
  const items = [];
  messages.forEach((message, index) => {
    const former = messages[index - 1];
    if (!former || dayOf(tsToDate(former.ts), reader().timeZone) !== dayOf(tsToDate(message.ts), reader().timeZone)) {
      items.push(dayItem(message, day));
    }
    items.push(messageItem(message, former, { ...options, day }));
  });
  keepFocus(container, () => reconcile(container, items));
}

function dayItem(message, today) {
  const title = dayTitle(tsToDate(message.ts), reader());
  return {
    key: `day ${dayOf(tsToDate(message.ts), reader().timeZone)}`,
    signature: `${title} ${today}`,
    build: () => el("h2.day", {}, el("span", {}, title)),
  };
}

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
  options.compact ? el("span.gutter-time", { "aria-hidden": "true" }, timeOf(message)) : avatar(message.user),
  el("div.message-body", {},
    !options.compact && byline(message),
    el("div.content", {}, renderContent(message, surface)),
    problem,
    threadLink(message, options)));
}

const containerOf = (message, channel) => ({
  type: "message", channel_id: channel, message_ts: message.ts, is_ephemeral: Boolean(message.ephemeral),
});

const timeOf = (message) => timeOfDay(tsToDate(message.ts), reader().timeZone);

export function avatar(userId) {
  const initials = fullNameOf(userId).split(/[\s.]+/).map((word) => [...word][0] ?? "").slice(0, 2).join("");
  const colour = [...userId].reduce((sum, char) => sum + char.codePointAt(0), 0) % AVATAR_COLOURS;
  const data = { colour: personOf(userId)?.is_bot ? "app" : String(colour) };
  return el("span.avatar", { "aria-hidden": "true", data }, initials.toUpperCase());
}

function byline(message) {
  const moment = fullMoment(tsToDate(message.ts), reader().timeZone);
  return el("header.byline", {},
    el("strong", {}, fullNameOf(message.user)),
    personOf(message.user)?.is_bot && el("span.app-badge", {}, "App"),
    el("time", { datetime: tsToDate(message.ts).toISOString(), title: moment }, timeOf(message)));
}

function renderContent(message, surface) {
  const edited = message.edited && el("span.edited", {}, "(edited)");
  if (!message.blocks?.length) {
    return el("div.mrkdwn", {}, renderMrkdwn(message.text ?? ""), edited && " ", edited);
  }
  return [...message.blocks.map((block) => renderBlock(block, surface)), edited];
}

function threadLink(message, { inThread, replies, onThread }) {
  if (inThread || message.ephemeral) return null;
  const label = replies === 0 ? "Reply in thread" : `${replies} ${replies === 1 ? "reply" : "replies"}`;
  return el(`button.thread-link${replies ? "" : ".thread-start"}`, {
    type: "button", data: { thread: message.ts }, onclick: () => onThread(message.ts),
  }, label);
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
