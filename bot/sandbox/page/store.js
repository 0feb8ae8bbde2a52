// What the page knows: the workspace as the acting person sees it, where they are, and the app's clock.

export const store = {
  as: "",
  me: null,
  workspace: "Example Workspace",
  people: new Map(),
  channels: [],
  dms: [],
  app: { id: "", name: "App", dm: null },
  commands: [],
  shortcuts: [],
  modals: [],
  home: null,
  unread: new Map(),
  traffic: { last: 0, problems: 0, faults: 0 },
  place: { channel: null, tab: null },
  thread: null,
};

const clock = { now: Date.now(), readAt: performance.now(), journey: null };

export function setClock({ now, journey, can_play: canPlay, can_jump: canJump, problem }) {
  const moving = journey && { from: new Date(journey.from), until: new Date(journey.until) };
  Object.assign(clock, {
    now: Date.parse(now), readAt: performance.now(), journey: moving, canPlay, canJump, problem,
  });
}

/** The time the app sees: it runs on at normal speed between two messages of the server. */
export function clockNow() {
  return new Date(clock.now + (clock.journey ? 0 : performance.now() - clock.readAt));
}

/** {journey: {from, until} or null, canPlay, canJump, problem} */
export const clockState = () => clock;

export const reader = () => ({ timeZone: store.me?.tz ?? "UTC", now: clockNow() });

export function takeState(state) {
  store.me = state.me;
  store.people = new Map(state.people.map((person) => [person.id, person]));
  store.channels = state.channels;
  store.dms = state.dms;
  store.app = state.app;
  store.workspace = state.workspace?.name ?? store.workspace;
  store.commands = state.commands;
  store.shortcuts = state.shortcuts;
  store.modals = state.modals ?? [];
  store.home = state.home ?? null;
  store.unread = new Map();
  for (const place of [...state.channels, ...state.dms]) setUnread(place.id, place);
  store.traffic = state.traffic;
  setClock(state.clock);
}

/** Keeps {unread, mentions} of a conversation with news; what one is looking at has none. */
export function setUnread(channel, { unread, mentions }) {
  const hasNews = (unread || mentions) && channel !== openChannel();
  if (hasNews) store.unread.set(channel, { unread, mentions });
  else store.unread.delete(channel);
}

/** Empties what belongs to one person before another one acts. */
export function forgetPerson(as) {
  Object.assign(store, { as, me: null, modals: [], home: null, unread: new Map(), thread: null });
}

export const personOf = (id) => store.people.get(id) ?? null;

export const handleOf = (id) => personOf(id)?.name ?? id;

export const fullNameOf = (id) => personOf(id)?.real_name || handleOf(id);

export const channelOf = (id) => store.channels.find((channel) => channel.id === id) ?? null;

/** People one can choose in a form: no apps, nobody who left. */
export function choosablePeople() {
  const people = [...store.people.values()].filter((person) => !person.is_bot && !person.deleted);
  return people.sort((one, other) => fullNameOf(one.id).localeCompare(fullNameOf(other.id)));
}

/** The user id under which the app writes. */
export const appUser = () => [...store.people.values()].find((person) => person.is_bot)?.id ?? store.app.id;

/** The id of the conversation on screen, or null on the app's Home. */
export const openChannel = () => (store.place.tab === "home" ? null : store.place.channel);
