// Selects for one or many options, people and channels; radio buttons and checkboxes.

import { el, freshId, icon } from "./dom.js";
import { renderText } from "./mrkdwn.js";
import { withEmoji } from "./emoji.js";
import { changeNotifier } from "./notify.js";
import { choosablePeople, fullNameOf, openChannel, personOf, store } from "./store.js";

const optionItem = (option) => ({
  key: option.value,
  option,
  label: [option.text, option.description].filter(Boolean).map((text) => withEmoji(text.text)).join(" – "),
});

const groupItems = (group) => group.options.map((option) => ({ ...optionItem(option), group: group.label.text }));

const staticItems = (element) => (
  element.option_groups ? element.option_groups.flatMap(groupItems) : element.options.map(optionItem)
);

const personItem = (person) => ({ key: person.id, label: `${fullNameOf(person.id)} (${person.name})` });

const channelItem = (channel) => ({ key: channel.id, label: `${channel.is_private ? "🔒 " : "#"}${channel.name}` });

const dmItem = (dm) => ({ key: dm.id, label: `Direct message with ${fullNameOf(dm.user)}` });

function conversationItems(element) {
  const kinds = element.filter?.include ?? ["public", "private", "im"];
  const channels = store.channels.filter((channel) => kinds.includes(channel.is_private ? "private" : "public"));
  return [...channels.map(channelItem), ...(kinds.includes("im") ? store.dms.map(dmItem) : [])];
}

const publicItems = () => store.channels.filter((channel) => !channel.is_private).map(channelItem);

/** kind of select: [the items it offers, the field of its state (plural for multi selects)] */
const SELECTS = {
  static_select: [staticItems, "selected_option"],
  users_select: [() => choosablePeople().map(personItem), "selected_user"],
  conversations_select: [conversationItems, "selected_conversation"],
  channels_select: [publicItems, "selected_channel"],
};

const baseType = (type) => type.replace(/^multi_/, "");

export const isSelect = (type) => Object.hasOwn(SELECTS, baseType(type));

export function buildSelect(element, place) {
  const [itemsOf, field] = SELECTS[baseType(element.type)];
  const items = withKnownPeople(itemsOf(element), element, place);
  const build = element.type.startsWith("multi_") ? buildMulti : buildSingle;
  return build(element, place, { items, field });
}

/** Somebody who is chosen already stays visible, also when nobody could choose them any more. */
function withKnownPeople(items, element, place) {
  const saved = place.surface.saved(place.blockId, element);
  const chosen = saved?.selected_user ?? element.initial_user;
  const missing = chosen && personOf(chosen) && !items.some((item) => item.key === chosen);
  return missing ? [...items, personItem(personOf(chosen))] : items;
}

const packed = (item) => item.option ?? item.key;
const keyOf = (value) => (typeof value === "object" && value !== null ? value.value : value);

function optionNodes(items) {
  const nodes = [];
  for (const item of items) {
    const option = el("option", { value: item.key }, item.label);
    if (item.group && nodes.at(-1)?.label !== item.group) nodes.push(el("optgroup", { label: item.group }));
    if (item.group) nodes.at(-1).append(option);
    else nodes.push(option);
  }
  return nodes;
}

function selectNode(element, place, firstText, canBeEmpty) {
  const label = place.label ? undefined : element.placeholder?.text ?? "Choose";
  return el("select.element", {
    id: place.id, "aria-label": label, "aria-describedby": place.describedBy, data: { actionId: element.action_id },
  }, el("option", { value: "", disabled: !canBeEmpty }, firstText));
}

function buildSingle(element, place, { items, field }) {
  const root = selectNode(element, place, element.placeholder?.text ?? "Choose", place.optional);
  root.append(...optionNodes(items));
  const read = () => {
    const item = items.find(({ key }) => key === root.value);
    return { type: element.type, [field]: item ? packed(item) : null };
  };
  const write = (state) => {
    root.value = keyOf(state[field]) ?? defaultConversation(element) ?? "";
    if (root.selectedIndex < 0) root.value = "";
    remember();
  };
  const { notify, remember } = changeNotifier(element, place, () => ({ read, write }));
  root.addEventListener("change", notify);
  return { root, read, write };
}

const defaultConversation = (element) => (element.default_to_current_conversation ? openChannel() : null);

function buildMulti(element, place, { items, field }) {
  let keys = [];
  const add = selectNode(element, place, element.placeholder?.text ?? "Add", false);
  const chips = el("ul.chips", { "aria-label": "Chosen" });
  const root = el("div.multi", {}, chips, add);
  const known = (key) => items.find((item) => item.key === key);
  const read = () => ({ type: element.type, [`${field}s`]: keys.map((key) => packed(known(key))) });
  const write = (state) => {
    keys = (state[`${field}s`] ?? []).map(keyOf).filter(known);
    draw();
    remember();
  };
  const draw = () => {
    chips.replaceChildren(...keys.map((key) => chip(known(key), () => choose(keys.filter((other) => other !== key)))));
    add.replaceChildren(add.options[0], ...optionNodes(items.filter((item) => !keys.includes(item.key))));
    add.value = "";
    add.disabled = keys.length >= (element.max_selected_items ?? Infinity);
  };
  const choose = (wanted) => {
    keys = wanted;
    draw();
    add.focus();
    notify();
  };
  const { notify, remember } = changeNotifier(element, place, () => ({ read, write }));
  add.addEventListener("change", () => choose([...keys, add.value]));
  return { root, read, write };
}

/** One chosen thing of several, with the button that takes it away. */
export function chip(item, remove) {
  return el("li.chip", {}, item.label,
    el("button.icon-button", { type: "button", "aria-label": `Remove ${item.label}`, onclick: remove }, icon("close")));
}

export function buildChecks(element, place) {
  const single = element.type === "radio_buttons";
  const name = freshId("choice");
  const boxes = element.options.map((option) => el("input", {
    type: single ? "radio" : "checkbox", name, value: option.value, "aria-describedby": place.describedBy,
  }));
  const root = el("div.checks", {
    id: place.id, role: single ? "radiogroup" : "group", data: { actionId: element.action_id },
    "aria-labelledby": place.labelledBy, "aria-label": place.labelledBy ? undefined : "Options",
  }, element.options.map((option, index) => checkLine(boxes[index], option)));
  const chosen = () => element.options.filter((_, index) => boxes[index].checked);
  const read = () => (single
    ? { type: element.type, selected_option: chosen()[0] ?? null }
    : { type: element.type, selected_options: chosen() });
  const write = (state) => {
    const wanted = single ? [keyOf(state.selected_option)] : (state.selected_options ?? []).map(keyOf);
    for (const box of boxes) box.checked = wanted.includes(box.value);
    remember();
  };
  const { notify, remember } = changeNotifier(element, place, () => ({ read, write }));
  root.addEventListener("change", notify);
  return { root, read, write };
}

const checkLine = (box, option) => el("label.check", {}, box,
  el("span", {}, renderText(option.text), option.description && el("small", {}, renderText(option.description))));
