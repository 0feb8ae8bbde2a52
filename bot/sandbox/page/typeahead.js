// Selects whose options the app answers while one types: external_select and multi_external_select.

import { debounced, el, freshId } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { Listbox } from "./listbox.js";
import { changeNotifier } from "./notify.js";
import { explainError } from "./server.js";
import { chip } from "./choices.js";

const TYPING_PAUSE = 250;
const LEAST_TYPED = 3;
const LOST = "Choose one of the options: what is typed alone does not count.";

export const isTypeahead = (type) => type === "external_select" || type === "multi_external_select";

const labelOf = (option) => withEmoji(option.text.text);

const itemOf = (option, group = null) => ({ option, group });

/** The app's answer, options or option_groups, as the items of the list. */
const itemsIn = ({ options = [], option_groups: groups = [] }) => [
  ...options.map((option) => itemOf(option)),
  ...groups.flatMap((group) => group.options.map((option) => itemOf(option, group.label.text))),
];

export function buildTypeahead(element, place) {
  return element.type === "external_select" ? new Single(element, place).control() : new Many(element, place).control();
}

class Typeahead {
  constructor(element, place) {
    Object.assign(this, { element, place, run: 0 });
    this.input = inputNode(element, place);
    this.listbox = new Listbox(this.input, {
      label: element.placeholder?.text ?? "Options", draw: drawOption, take: ({ option }) => this.take(option),
    });
    this.note = el("p.typeahead-note", { id: freshId("typeahead"), role: "status" });
    this.askSoon = debounced(() => this.input.isConnected && this.ask(), TYPING_PAUSE);
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("focus", () => this.typed());
    this.input.addEventListener("blur", () => this.left());
    this.input.addEventListener("keydown", (event) => this.key(event));
    Object.assign(this, changeNotifier(element, place, () => this.control()));
  }

  get least() {
    return this.element.min_query_length ?? LEAST_TYPED;
  }

  typed() {
    this.run += 1;
    const missing = this.least - this.query().length;
    this.listbox.close();
    const needed = this.least === 1 ? "a character" : `${this.least} characters`;
    this.say(missing > 0 ? `Type ${needed} to see options.` : "");
    if (missing <= 0) this.askSoon();
  }

  /** Asks the app; an answer that was overtaken by more typing is dropped. */
  async ask() {
    const { run } = this;
    const { surface, blockId } = this.place;
    this.say("Looking…");
    const answer = await surface.suggest(blockId, this.element.action_id, this.query());
    if (run !== this.run || document.activeElement !== this.input) return;
    const items = answer.error ? [] : itemsIn(answer.suggested);
    this.listbox.show(this.offered(items));
    if (answer.error) this.say(`The options could not be loaded. ${explainError(answer.error)}`);
    else this.say(items.length ? "" : "Nothing fits.");
  }

  say(text) {
    this.note.textContent = text;
  }

  key(event) {
    const taken = event.key === "Enter" && this.listbox.current;
    if (taken) this.take(this.listbox.current.option);
    else if (event.isComposing || !this.listbox.key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  stopLooking() {
    this.run += 1;
    this.listbox.close();
    this.say("");
  }
}

class Single extends Typeahead {
  chosen = null;

  control() {
    return {
      root: this.root ??= el("div.typeahead", {}, this.input, this.listbox.list, this.note),
      read: () => ({ type: this.element.type, selected_option: this.chosen }),
      write: (state) => {
        this.chosen = state.selected_option ?? null;
        this.input.value = this.chosen ? labelOf(this.chosen) : "";
        this.remember();
      },
      problem: () => (this.input.value && !this.isChosen() ? LOST : null),
    };
  }

  isChosen() {
    return this.chosen !== null && this.input.value === labelOf(this.chosen);
  }

  /** What stands there already is no question. */
  query() {
    return this.isChosen() ? "" : this.input.value.trim();
  }

  offered(items) {
    return items;
  }

  take(option) {
    this.chosen = option;
    this.input.value = labelOf(option);
    this.stopLooking();
    this.notify();
  }

  /** An emptied input takes the choice back where there need not be one. */
  left() {
    this.stopLooking();
    if (this.input.value || !this.chosen) return;
    this.chosen = null;
    this.notify();
  }
}

class Many extends Typeahead {
  options = [];

  control() {
    this.chips ??= el("ul.chips", { "aria-label": "Chosen" });
    return {
      root: this.root ??= el("div.multi.typeahead", {}, this.chips, this.input, this.listbox.list, this.note),
      read: () => ({ type: this.element.type, selected_options: this.options }),
      write: (state) => {
        this.options = state.selected_options ?? [];
        this.draw();
        this.remember();
      },
      problem: () => (this.input.value ? LOST : null),
    };
  }

  query() {
    return this.input.value.trim();
  }

  offered(items) {
    return items.filter(({ option }) => !this.options.some(({ value }) => value === option.value));
  }

  take(option) {
    this.choose([...this.options, option]);
  }

  choose(options) {
    this.options = options;
    this.input.value = "";
    this.draw();
    this.stopLooking();
    this.input.focus();
    this.notify();
  }

  draw() {
    this.chips.replaceChildren(...this.options.map((option) => chip({ label: labelOf(option) }, () => (
      this.choose(this.options.filter((other) => other !== option))
    ))));
    this.input.disabled = this.options.length >= (this.element.max_selected_items ?? Infinity);
  }

  left() {
    this.stopLooking();
  }
}

const inputNode = (element, place) => el("input.element", {
  id: place.id, type: "text", autocomplete: "off", placeholder: element.placeholder?.text ?? "Type to search",
  "aria-label": place.label ? undefined : element.placeholder?.text ?? "Type to search",
  "aria-describedby": place.describedBy, data: { actionId: element.action_id },
});

const drawOption = ({ option }) => [
  el("span", {}, labelOf(option)), option.description ? el("span.note", {}, option.description.text) : "",
];
