// The list above a composer: commands after "/", people after "@", channels after "#".

import { el } from "./dom.js";
import { Listbox } from "./listbox.js";
import { choosablePeople, fullNameOf, store } from "./store.js";

const MOST = 8;

function commandMatches(text) {
  if (!/^\/\S*$/.test(text)) return [];
  return store.commands.filter(({ command }) => command.startsWith(text)).map((command) => ({
    insert: `${command.command} `, from: 0, name: command.command, usage: command.usage_hint, note: command.description,
  }));
}

function nameMatches(text) {
  const match = /(^|\s)([@#])([\w.-]*)$/.exec(text);
  if (!match) return [];
  const [, before, mark, typed] = match;
  const from = match.index + before.length;
  const all = mark === "@"
    ? choosablePeople().map((person) => ({ name: `@${person.name}`, note: fullNameOf(person.id) }))
    : store.channels.map((channel) => ({ name: `#${channel.name}`, note: "" }));
  const wanted = typed.toLowerCase();
  const fits = ({ name, note }) => `${name.slice(1)} ${note}`.toLowerCase().includes(wanted);
  const startsSo = ({ name }) => name.slice(1).toLowerCase().startsWith(wanted);
  const found = all.filter(fits);
  return [...found.filter(startsSo), ...found.filter((item) => !startsSo(item))]
    .map((item) => ({ ...item, from, insert: `${item.name} ` }));
}

const drawItem = (item) => [
  el("strong", {}, item.name), item.usage ? el("code", {}, item.usage) : "", el("span.note", {}, item.note),
];

export class Suggestions {
  /** Makes `input` a combobox over a list; `withCommands` is false where commands do not work. */
  constructor(input, withCommands) {
    this.input = input;
    this.withCommands = withCommands;
    this.listbox = new Listbox(input, { label: "Suggestions", draw: drawItem, take: (item) => this.take(item) });
    this.list = this.listbox.list;
  }

  update() {
    const text = this.input.value.slice(0, this.input.selectionStart);
    const commands = this.withCommands ? commandMatches(text) : [];
    this.listbox.show((commands.length ? commands : nameMatches(text)).slice(0, MOST));
  }

  close() {
    this.listbox.close();
  }

  take(item) {
    const { input } = this;
    const caret = input.selectionStart;
    input.setRangeText(item.insert, item.from, caret, "end");
    this.close();
    input.dispatchEvent(new Event("input"));
    input.focus();
  }

  /** Handles a key press; true when it was for the list. */
  key(event) {
    return this.listbox.key(event) || this.completes(event);
  }

  /** Tab always completes; Enter too, unless the name stands there in full already. */
  completes(event) {
    const item = this.listbox.current;
    if (!item || event.shiftKey) return false;
    const complete = this.input.value.slice(item.from, this.input.selectionStart) === item.name;
    if (event.key !== "Tab" && (event.key !== "Enter" || complete)) return false;
    this.take(item);
    return true;
  }
}
