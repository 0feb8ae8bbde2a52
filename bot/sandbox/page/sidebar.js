// The left column: who acts, and where one can go.

import { on } from "./bus.js";
import { cityOf } from "./dates.js";
import { byId, el, icon, reconcile } from "./dom.js";
import { avatar } from "./people.js";
import { roving } from "./roving.js";
import { appUser, fullNameOf, store } from "./store.js";

const actAs = byId("act-as");
const toggle = byId("menu-toggle");
const settle = roving(byId("places"), ".place", {
  preferred: (links) => links.find((link) => link.hasAttribute("aria-current")) ?? links[0],
});

/** onPerson(id): another person acts now. */
export function startSidebar({ onPerson }) {
  toggle.append(icon("menu"));
  toggle.addEventListener("click", () => slide(!document.body.classList.contains("sidebar-open")));
  byId("sidebar-shade").addEventListener("click", () => slide(false));
  document.addEventListener("keydown", closeOnEscape);
  actAs.addEventListener("change", () => onPerson(actAs.value));
  on("act-as", onPerson);
  on("state", draw);
  on("place", () => {
    slide(false);
    drawPlaces();
  });
  on("unread", drawPlaces);
}

function slide(open) {
  document.body.classList.toggle("sidebar-open", open);
  toggle.setAttribute("aria-expanded", String(open));
  if (open) actAs.focus();
}

function closeOnEscape(event) {
  if (event.key !== "Escape" || !document.body.classList.contains("sidebar-open")) return;
  slide(false);
  toggle.focus();
}

function draw() {
  byId("workspace-name").textContent = store.workspace;
  drawPeople();
  drawPlaces();
}

function drawPeople() {
  const people = [...store.people.values()].filter((person) => !person.is_bot && !person.deleted);
  people.sort((one, other) => fullNameOf(one.id).localeCompare(fullNameOf(other.id)));
  const signature = JSON.stringify(people.map((person) => [person.id, person.real_name, person.tz]));
  if (actAs.dataset.shows !== signature) {
    actAs.dataset.shows = signature;
    actAs.replaceChildren(...people.map((person) => el("option", { value: person.id }, personLine(person))));
  }
  actAs.value = store.as;
  const { me } = store;
  const role = [me.is_admin && "admin", me.is_restricted && "guest"].filter(Boolean).join(", ");
  byId("act-as-note").textContent = [`@${me.name}`, cityOf(me.tz), role].filter(Boolean).join(" · ");
}

const personLine = (person) => `${fullNameOf(person.id)}${person.is_restricted ? " (guest)" : ""}`;

const byName = (one, other) => one.name.localeCompare(other.name, "en", { numeric: true });

function drawPlaces() {
  const channels = [...store.channels].sort(byName);
  const mine = channels.filter((channel) => channel.member);
  const others = channels.filter((channel) => !channel.member);
  // Unlike in Slack the app stands first: it is what people come to see.
  reconcile(byId("places"), [
    section("Apps", [appEntry()]),
    section("Channels", mine.map(channelEntry)),
    section("Channels you are not in", others.map(channelEntry)),
    section("Direct messages", peopleDms().map(dmEntry)),
  ].filter((item) => item !== null));
  settle();
}

const peopleDms = () => store.dms.filter((dm) => dm.id !== store.app.dm);

function section(title, entries) {
  if (!entries.length) return null;
  return {
    key: title,
    signature: JSON.stringify(entries),
    build: () => el("section", {}, el("h2", {}, title), el("ul", {}, entries.map(listItem))),
  };
}

const listItem = (entry) => el("li", {}, link(entry));

const channelEntry = (channel) => ({
  id: channel.id, href: `#/${channel.id}`, name: channel.name, icon: channel.is_private ? "lock" : "hash",
  label: channel.is_private ? "private channel" : "channel", ...newsOf(channel.id),
  current: store.place.channel === channel.id && !store.place.tab,
});

const dmEntry = (dm) => ({
  id: dm.id, href: `#/${dm.id}`, name: fullNameOf(dm.user), user: dm.user, label: "direct message",
  ...newsOf(dm.id), current: store.place.channel === dm.id && !store.place.tab,
});

function appEntry() {
  const news = newsOf(store.app.dm);
  const tab = news.unread || store.place.tab === "messages" ? "messages" : "home";
  return {
    id: store.app.dm ?? store.app.id, href: `#/app/${tab}`, name: store.app.name, user: appUser(),
    label: "app", ...news, current: store.place.tab !== null,
  };
}

/** What is unread in a conversation, and how much of it calls for this person. */
const newsOf = (id) => ({ unread: store.unread.has(id), mentions: store.unread.get(id)?.mentions ?? 0 });

function newsInWords({ unread, mentions }) {
  if (mentions) return `, ${mentions} ${mentions === 1 ? "mention" : "mentions"}`;
  return unread ? ", unread" : "";
}

function link(entry) {
  return el(`a.place${entry.unread ? ".unread" : ""}`, {
    href: entry.href, data: { channel: entry.id }, "aria-current": entry.current && "page",
  },
  entry.icon ? icon(entry.icon) : avatar(entry.user),
  el("bdi.place-name", {}, entry.name),
  el("span.sr-only", {}, ` ${entry.label}${newsInWords(entry)}`),
  entry.mentions > 0 && el("span.badge", { "aria-hidden": "true" }, entry.mentions > 99 ? "99+" : entry.mentions),
  entry.unread && !entry.mentions && el("span.dot", { "aria-hidden": "true" }));
}
