// Ctrl+K or Cmd+K: to a channel, to the app, to another person, or to a shortcut, by a few letters of the name.

import { emit } from "./bus.js";
import { byId, el, icon } from "./dom.js";
import { Listbox } from "./listbox.js";
import { avatar } from "./people.js";
import { runShortcut, shortcutsOf } from "./shortcuts.js";
import { appUser, choosablePeople, fullNameOf, store } from "./store.js";

const MOST = 12;

const input = el("input.element", {
  id: "switcher-input", type: "text", autocomplete: "off", placeholder: "A channel, a person, the app…",
  "aria-labelledby": "switcher-title",
});
const nothing = el("p.empty", { role: "status", hidden: true }, "Nothing here is called that.");
const listbox = new Listbox(input, { label: "Places and people", draw: drawItem, take: go });
const dialog = el("dialog.modal.switcher", { id: "switcher", role: "dialog", "aria-labelledby": "switcher-title" },
  el("h2", { id: "switcher-title" }, "Jump to"), input, listbox.list, nothing);

export function startSwitcher() {
  document.body.append(dialog);
  byId("workspace-name").after(openButton());
  input.addEventListener("input", search);
  dialog.addEventListener("keydown", key);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    toggle();
  });
}

function openButton() {
  const keys = /Mac|iP/.test(navigator.platform) ? "⌘K" : "Ctrl K";
  return el("button.jump", { type: "button", id: "jump", "aria-keyshortcuts": "Control+K Meta+K", onclick: toggle },
    "Jump to…", el("kbd", { "aria-hidden": "true" }, keys));
}

function toggle() {
  if (dialog.open) {
    dialog.close();
    return;
  }
  // A form that is open has to be answered first.
  if (document.querySelector("dialog[open]")) return;
  input.value = "";
  dialog.showModal();
  search();
}

function places() {
  const channels = [...store.channels].sort((one, other) => Number(other.member) - Number(one.member));
  const people = choosablePeople().filter(({ id }) => id !== store.as);
  return [
    { name: `${store.app.name}: Home`, user: appUser(), href: "#/app/home" },
    { name: `${store.app.name}: Messages`, user: appUser(), href: "#/app/messages" },
    ...channels.map((channel) => ({
      name: channel.name, sign: channel.is_private ? "lock" : "hash", href: `#/${channel.id}`,
      note: channel.member ? "" : "not a member",
    })),
    ...shortcutsOf("global").map((shortcut) => ({ name: shortcut.name, sign: "bolt", note: "shortcut", shortcut })),
    ...people.map(({ id, name }) => ({ name: fullNameOf(id), handle: name, user: id, person: id, note: "act as" })),
  ];
}

function search() {
  const wanted = input.value.trim().toLowerCase().replace(/^[#@]/, "");
  const textOf = ({ name, handle = "" }) => `${name} ${handle}`.toLowerCase();
  const rank = (item) => (textOf(item).startsWith(wanted) ? 0 : 1);
  const found = places().filter((item) => textOf(item).includes(wanted)).sort((one, other) => rank(one) - rank(other));
  listbox.show(found.slice(0, MOST));
  nothing.hidden = found.length > 0;
}

function drawItem(item) {
  return [
    item.sign ? icon(item.sign) : avatar(item.user), el("bdi", {}, item.name), el("span.note", {}, item.note ?? ""),
  ];
}

function key(event) {
  if (event.isComposing || event.key === "Escape") return;
  if (event.key === "Enter" && listbox.current) go(listbox.current);
  else if (!listbox.key(event)) return;
  event.preventDefault();
}

function go(item) {
  dialog.close();
  if (item.shortcut) runShortcut(item.shortcut);
  else if (item.person) emit("act-as", item.person);
  else window.location.hash = item.href;
}
