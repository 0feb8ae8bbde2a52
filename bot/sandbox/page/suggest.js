// The list above a composer: commands after "/", people after "@", channels after "#".

import { el, freshId } from "./dom.js";
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
  return all.filter(fits).map((item) => ({ ...item, from, insert: `${item.name} ` }));
}

export class Suggestions {
  /** Makes `input` a combobox over a list; `withCommands` is false where commands do not work. */
  constructor(input, withCommands) {
    this.input = input;
    this.withCommands = withCommands;
    this.items = [];
    this.at = 0;
    this.list = el("ul.suggestions", {
      id: freshId("suggestions"), role: "listbox", "aria-label": "Suggestions", hidden: true,
    });
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
  }

  update() {
    const text = this.input.value.slice(0, this.input.selectionStart);
    const commands = this.withCommands ? commandMatches(text) : [];
    this.items = (commands.length ? commands : nameMatches(text)).slice(0, MOST);
    this.at = 0;
    this.draw();
  }

  close() {
    this.items = [];
    this.draw();
  }

  draw() {
    const open = this.items.length > 0;
    this.list.hidden = !open;
    this.list.replaceChildren(...this.items.map((item, index) => this.option(item, index)));
    this.input.setAttribute("aria-expanded", String(open));
    if (open) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  option(item, index) {
    return el("li", {
      id: `${this.list.id}-${index}`, role: "option", "aria-selected": String(index === this.at),
      // The pointer must not take the focus from the composer.
      onmousedown: (event) => event.preventDefault(), onclick: () => this.take(item),
    }, el("strong", {}, item.name), item.usage && el("code", {}, item.usage), el("span.note", {}, item.note));
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
    if (!this.items.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.items.length) % this.items.length;
      this.draw();
      return true;
    }
    if (event.key === "Escape") {
      this.close();
      return true;
    }
    return this.completes(event);
  }

  /** Tab always completes; Enter too, unless the name stands there in full already. */
  completes(event) {
    const item = this.items[this.at];
    const complete = this.input.value.slice(item.from, this.input.selectionStart) === item.name;
    if (event.key !== "Tab" && (event.key !== "Enter" || complete)) return false;
    this.take(item);
    return true;
  }
}
