// A list of options that is steered from a text input: suggestions, the quick switcher, menus one types in.

import { el, freshId } from "./dom.js";

export class Listbox {
  /** draw(item) answers what stands in an option; take(item) is called with the one that was chosen. */
  constructor(input, { label, draw, take }) {
    Object.assign(this, { input, draw, take, items: [], at: 0 });
    this.list = el("ul.suggestions", { id: freshId("listbox"), role: "listbox", "aria-label": label, hidden: true });
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
  }

  get current() {
    return this.items[this.at] ?? null;
  }

  get isOpen() {
    return this.items.length > 0;
  }

  show(items) {
    this.items = items;
    this.at = 0;
    this.list.replaceChildren(...this.grouped());
    this.list.hidden = !this.isOpen;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    this.mark();
  }

  close() {
    this.show([]);
  }

  /** Options under the titles of their groups. */
  grouped() {
    const nodes = [];
    this.items.forEach((item, index) => {
      const isNew = item.group && item.group !== this.items[index - 1]?.group;
      if (isNew) nodes.push(el("li.group", { role: "presentation" }, item.group));
      nodes.push(this.option(item, index));
    });
    return nodes;
  }

  option(item, index) {
    return el("li.option", {
      id: `${this.list.id}-${index}`, role: "option",
      // The pointer must not take the focus from the input.
      onmousedown: (event) => event.preventDefault(), onclick: () => this.take(item),
    }, this.draw(item));
  }

  mark() {
    this.list.querySelectorAll("[role=option]").forEach((node, index) => {
      node.setAttribute("aria-selected", String(index === this.at));
      if (index === this.at) node.scrollIntoView({ block: "nearest" });
    });
    if (this.isOpen) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** Moves with the arrows and closes with Escape; true when the key was for the list. */
  key(event) {
    if (!this.isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.items.length) % this.items.length;
      this.mark();
      return true;
    }
    if (event.key !== "Escape") return false;
    this.close();
    return true;
  }
}
