// Inputs for text, numbers, addresses, dates and times.

import { localToUnix, unixToLocal } from "./dates.js";
import { debounced, el } from "./dom.js";
import { changeNotifier } from "./notify.js";
import { reader } from "./store.js";

// A typed date changes with every digit: the app is told when the typing pauses.
const TYPING_PAUSE = 500;
const COUNTED_DOWN = 40;

const asText = { field: "value", toValue: (text) => text || null, toText: (value) => value ?? "" };
const asMoment = {
  field: "selected_date_time",
  toValue: (text) => (text ? localToUnix(text, reader().timeZone) : null),
  toText: (value) => (value ? unixToLocal(value, reader().timeZone) : ""),
};

/** Typed without a toolbar: the text becomes one section, and formatting that the app put there becomes text. */
const asRichText = {
  field: "rich_text_value",
  toValue: (text) => (text ? {
    type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
  } : null),
  toText: (value) => value?.elements.map(plainText).join("\n") ?? "",
};

const FIELDS = {
  plain_text_input: { input: "text", ...asText, problem: lengthProblem },
  number_input: { input: "number", ...asText, problem: numberProblem },
  email_text_input: { input: "email", ...asText, problem: () => "Enter an e-mail address, such as name@example.com." },
  url_text_input: { input: "url", ...asText, problem: () => "Enter a full address, such as https://example.com." },
  rich_text_input: { input: "text", ...asRichText, multiline: true },
  datepicker: { input: "date", ...asText, field: "selected_date", picker: true },
  timepicker: { input: "time", ...asText, field: "selected_time", picker: true },
  datetimepicker: { input: "datetime-local", ...asMoment, picker: true },
};

const plainText = (part) => part.elements.map((leaf) => leaf.text ?? (leaf.elements ? plainText(leaf) : "")).join("");

export const isField = (type) => Object.hasOwn(FIELDS, type);

export function buildField(element, place) {
  const kind = FIELDS[element.type];
  const node = fieldNode(element, place, kind);
  const counter = element.max_length ? el("p.counter", { role: "status" }) : null;
  const read = () => ({ type: element.type, [kind.field]: kind.toValue(node.value) });
  const write = (state) => {
    node.value = kind.toText(state[kind.field]);
    count(node, counter, element);
    remember();
  };
  const { notify, remember } = changeNotifier(element, place, () => ({ read, write }));
  listen(node, element, { place, kind, notify, edited: () => count(node, counter, element) });
  const problem = () => problemOf(node, element, kind);
  return { root: counter ? el("div.counted", {}, node, counter) : node, read, write, problem };
}

function fieldNode(element, place, kind) {
  const props = {
    id: place.id, placeholder: element.placeholder?.text, "aria-describedby": place.describedBy,
    data: { actionId: element.action_id }, autocomplete: "off",
    "aria-label": place.label ? undefined : element.placeholder?.text ?? "Date",
  };
  if (element.multiline || kind.multiline) return el("textarea.element", { ...props, rows: element.min_lines ?? 4 });
  const decimals = kind.input === "number" && (element.is_decimal_allowed ? "any" : "1");
  const { min_value: min, max_value: max } = element;
  return el("input.element", { ...props, type: kind.input, step: decimals, min, max });
}

function listen(node, element, { place, kind, notify, edited }) {
  const later = debounced(() => node.isConnected && notify(), TYPING_PAUSE);
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const onType = kind.picker ? place.dispatch || !place.inInput : triggers.includes("on_character_entered");
  node.addEventListener("input", () => {
    edited();
    place.onEdit?.();
    if (onType && (place.dispatch || !place.inInput)) later();
  });
  node.addEventListener("keydown", (event) => {
    const wantsEnter = place.dispatch && !kind.picker && triggers.includes("on_enter_pressed");
    if (event.key !== "Enter" || event.isComposing || node.matches("textarea") || !wantsEnter) return;
    event.preventDefault();
    notify();
  });
}

const lengthOf = (text) => [...text].length;

/** Counts down when little is left, and says how much is too much: a paste is never cut. */
function count(node, counter, element) {
  if (!counter) return;
  const most = element.max_length;
  const left = most - lengthOf(node.value);
  counter.hidden = left > Math.min(COUNTED_DOWN, most / 4);
  counter.textContent = left < 0 ? `${-left} too many` : `${left} left`;
  counter.classList.toggle("over", left < 0);
}

function problemOf(node, element, kind) {
  if (node.validity.badInput) return "This is not complete.";
  if (!node.value) return null;
  if (kind.problem === lengthProblem || kind.problem === numberProblem) return kind.problem(node, element);
  return kind.problem && !node.validity.valid ? kind.problem() : null;
}

function lengthProblem(node, element) {
  const length = lengthOf(node.value);
  if (length < (element.min_length ?? 0)) return `Write at least ${element.min_length} characters.`;
  if (length > (element.max_length ?? Infinity)) {
    return `This is ${length} characters long: at most ${element.max_length} fit.`;
  }
  return null;
}

function numberProblem(node, element) {
  const value = Number(node.value);
  if (!element.is_decimal_allowed && !Number.isInteger(value)) return "Enter a whole number.";
  if (element.min_value !== undefined && value < Number(element.min_value)) return `The least is ${element.min_value}.`;
  if (element.max_value !== undefined && value > Number(element.max_value)) return `The most is ${element.max_value}.`;
  return null;
}
