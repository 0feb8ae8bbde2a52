// Faces, names, and the card about a person that opens from them.

import { emit } from "./bus.js";
import { cityOf, timeOfDay } from "./dates.js";
import { el, freshId } from "./dom.js";
import { placePopover } from "./popover.js";
import { fullNameOf, handleOf, personOf, reader, store } from "./store.js";

const AVATAR_COLOURS = 8;
const FACES = 5;

const initialsOf = (name) => name.split(/[\s.]+/).map((word) => [...word][0] ?? "").slice(0, 2).join("").toUpperCase();

export function avatar(userId) {
  const colour = [...userId].reduce((sum, char) => sum + char.codePointAt(0), 0) % AVATAR_COLOURS;
  const data = { colour: personOf(userId)?.is_bot ? "app" : String(colour) };
  return el("span.avatar", { "aria-hidden": "true", data }, initialsOf(fullNameOf(userId)));
}

/** The first few of some people, small and side by side; their names are for the text beside them to say. */
export const faces = (userIds) => el("span.faces", { "aria-hidden": "true" }, userIds.slice(0, FACES).map(avatar));

/** Opens the card about a person beside `anchor`. */
export function showProfile(userId, anchor) {
  const card = el("div.profile", {
    id: freshId("profile"), popover: "auto", role: "dialog", tabindex: "-1",
    "aria-label": `About ${fullNameOf(userId)}`,
  }, avatar(userId), el("div.profile-text", {}, factsOf(userId)), actionsFor(userId, () => card.hidePopover()));
  card.addEventListener("toggle", (event) => event.newState === "closed" && card.remove());
  document.body.append(card);
  card.showPopover();
  placePopover(anchor, card);
  (card.querySelector("button, a") ?? card).focus();
}

function factsOf(userId) {
  const person = personOf(userId);
  const facts = [el("strong", {}, el("bdi", {}, fullNameOf(userId)))];
  if (person) facts.push(el("span", {}, `@${handleOf(userId)}${rolesOf(person)}`));
  if (person && !person.is_bot) {
    const time = timeOfDay(reader().now, person.tz);
    facts.push(el("span", {}, `${time} local time, ${cityOf(person.tz)}`));
  }
  return facts;
}

function rolesOf({ is_admin: admin, is_restricted: guest, is_bot: app, deleted }) {
  const roles = [admin && "admin", guest && "guest", app && "app", deleted && "deactivated"].filter(Boolean);
  return roles.map((role) => ` · ${role}`).join("");
}

function actionsFor(userId, close) {
  const person = personOf(userId);
  if (!person || person.deleted || userId === store.as) return null;
  if (person.is_bot) return el("a.button", { href: "#/app/home", onclick: close }, "Open its Home");
  return el("button", {
    type: "button",
    onclick: () => {
      close();
      emit("act-as", userId);
    },
  }, "Act as ", el("bdi", {}, fullNameOf(userId)));
}
