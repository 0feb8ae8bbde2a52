// Small helpers to build and to update the page. Text always becomes a text node: nothing here parses markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  lock: "M5 7V5a3 3 0 0 1 6 0v2h1v7H4V7h1zm1.5 0h3V5a1.5 1.5 0 0 0-3 0v2z",
  hash: "M6.2 2 5.7 5H3v1.5h2.4L5 9.5H2.5V11h2.2l-.5 3h1.5l.5-3h3l-.5 3h1.5l.5-3H13V9.5h-2l.5-3h2.5V5h-2.2l.5-3h-1.5l-.5 3h-3l.5-3H6.2zm.7 4.5h3l-.5 3h-3l.5-3z",
  eye: "M8 3C4.5 3 2 6 1 8c1 2 3.5 5 7 5s6-3 7-5c-1-2-3.5-5-7-5zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6zm0 1.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z",
  close: "M4 3 3 4l4 4-4 4 1 1 4-4 4 4 1-1-4-4 4-4-1-1-4 4-4-4z",
  menu: "M2 3.5h12V5H2V3.5zm0 3.8h12v1.5H2V7.3zm0 3.7h12v1.5H2V11z",
  send: "M2 2.5 14.5 8 2 13.5V9.3L9 8 2 6.7V2.5z",
  warn: "M8 1.5 15 14H1L8 1.5zM7.2 6v4h1.6V6H7.2zm0 5v1.5h1.6V11H7.2z",
  info: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm-.8 6v5h1.6V7H7.2zm0-3v1.7h1.6V4H7.2z",
  reply: "M2 2.5h12v8.5H8.5L5 14v-3H2V2.5zM3.5 4v5.5h3v1.2L8 9.5h4.5V4h-9z",
  link: "M6.8 9.2a2.8 2.8 0 0 0 4 0l2.4-2.4a2.8 2.8 0 0 0-4-4l-1 1 1 1 1-1a1.4 1.4 0 0 1 2 2L9.8 8.2a1.4 1.4 0 0 1-2 0l-1 1zm2.4-2.4a2.8 2.8 0 0 0-4 0L2.8 9.2a2.8 2.8 0 0 0 4 4l1-1-1-1-1 1a1.4 1.4 0 0 1-2-2l2.4-2.4a1.4 1.4 0 0 1 2 0l1-1z",
  back: "M10 3 5 8l5 5 1.1-1.1L7.2 8l3.9-3.9L10 3z",
  person: "M8 1.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM2.5 14c0-3 2.4-5 5.5-5s5.5 2 5.5 5h-11z",
  trash: "M6 1.5h4V3h4v1.5h-1V14H3V4.5H2V3h4V1.5zM4.5 4.5v8h7v-8h-7zm2 1.5H8v5H6.5V6zm2.5 0h1.5v5H9V6z",
  play: "M4 2.5 13 8l-9 5.5v-11z",
  file: "M3.5 1.5H9l3.5 3.5v9.5h-9v-13zM5 3v10h6V6H8V3H5z",
  traffic: "M5 2 1.8 5.5h2.4V13h1.6V5.5h2.4L5 2zm6 12 3.2-3.5h-2.4V3h-1.6v7.5H7.8L11 14z",
  flag: "M3.5 1.5H13L11.3 4.7 13 8H5v6.5H3.5v-13z",
  more: "M3 6.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3zm5 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3zm5 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z",
  bolt: "M9 1 3 9h4l-1 6 7-8.5H8.5L9 1z",
  check: "M6.5 12.5 2 8l1.2-1.2 3.3 3.3 6.3-6.3L14 5l-7.5 7.5z",
};

/** el("button.primary", {type: "button", onclick: f, data: {ts: "1"}}, "text", node) */
export function el(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) setProperty(node, key, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProperty(node, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (key === "data") {
    for (const [name, item] of Object.entries(value)) if (item !== undefined) node.dataset[name] = item;
  } else if (key.startsWith("on")) {
    node.addEventListener(key.slice(2), value);
  } else {
    node.setAttribute(key, value === true ? "" : value);
  }
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

export const byId = (id) => document.getElementById(id);

let lastId = 0;
export const freshId = (prefix) => `${prefix}-${(lastId += 1)}`;

const stamps = new WeakMap();

/**
 * Makes the children of `container` show `items` ({key, signature, build}) in order. A child whose key and
 * signature did not change stays the same node in the same place, so focus, caret and open menus survive.
 */
export function reconcile(container, items) {
  const present = new Map();
  for (const node of container.children) present.set(stamps.get(node)?.key, node);
  const wanted = items.map((item) => keepOrBuild(present.get(item.key), item));
  const staying = new Set(wanted);
  for (const node of [...container.children]) if (!staying.has(node)) node.remove();
  wanted.forEach((node, index) => {
    const there = container.children[index] ?? null;
    if (there !== node) container.insertBefore(node, there);
  });
}

function keepOrBuild(node, item) {
  if (node && stamps.get(node).signature === item.signature) return node;
  const built = item.build();
  stamps.set(built, { key: item.key, signature: item.signature });
  return built;
}

let toastTimer = 0;

/** A short note at the bottom of the page, read aloud by screen readers. */
export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, 6000);
}

/** Calls `action` once, `delay` ms after the last of a burst of calls. */
export function debounced(action, delay) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(action, delay, ...args);
  };
}
