// The requests of the page. Nothing else here knows an address.

async function getJson(path, query) {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

function postJson(path, body) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const fetchState = (as) => getJson("/sandbox/state", { as });

export async function fetchMessages(as, channel, thread = null) {
  const query = thread ? { as, channel, thread } : { as, channel };
  return (await getJson("/sandbox/messages", query)).messages;
}

/** The same without reading it: it stays unread for that person. */
export const peekMessages = async (as, channel) => (
  (await getJson("/sandbox/messages", { as, channel, peek: 1 })).messages
);

/** Acts as a person. Always answers {ok, error, errors?, modals?, home?}: a failed request is an error like others. */
export async function act(body) {
  try {
    const response = await postJson("/sandbox/act", body);
    if (response.ok) return await response.json();
    return { ok: false, error: `The sandbox refused this (HTTP ${response.status}).` };
  } catch {
    return { ok: false, error: "no_connection" };
  }
}

/** Where the bytes of a file are. */
export const fileAddress = (id) => `/sandbox/files/${encodeURIComponent(id)}`;

/** Moves the clock: {play_to} or {jump_to}. Answers null, or why it did not start. */
export async function moveClock(body) {
  try {
    const response = await postJson("/sandbox/clock", body);
    return response.ok ? null : (await response.json()).error;
  } catch {
    return ERRORS.no_connection;
  }
}

export const fetchUpcoming = async () => (await getJson("/sandbox/upcoming", {})).upcoming;

/** {lines, last, problems}: what began or ended after `after`, newest first. */
export const fetchTraffic = (after, text, onlyProblems) => getJson("/sandbox/traffic", {
  after, text, problems: onlyProblems ? 1 : 0,
});

export const fetchTrafficLine = (number) => getJson(`/sandbox/traffic/${number}`, {});

export const fetchFaults = () => getJson("/sandbox/faults", {});

/** Switches faults on or off; answers what is active then. */
export async function changeFaults(wish) {
  const response = await postJson("/sandbox/faults", wish);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

/** Live events for one person; `onOpen` runs again after every lost connection. Answers a function that stops it. */
export function openStream(as, { onEvent, onOpen, onLost }) {
  const source = new EventSource(`/sandbox/stream?${new URLSearchParams({ as })}`);
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onopen = onOpen;
  source.onerror = onLost;
  return () => source.close();
}

const ERRORS = {
  operation_timeout: "The app did not answer within 3 seconds.",
  dispatch_failed: "The app could not be reached.",
  no_connection: "The sandbox does not answer. Is it still running?",
};

/** An error code as a sentence; what is no code is a sentence already. */
export function explainError(error) {
  if (ERRORS[error]) return ERRORS[error];
  return /^\w+$/.test(error) ? `The app could not take this (${error}).` : error;
}

/** "operation_timeout" and "dispatch_failed" mean that the app did not take it. */
export const isAppSilent = (error) => error === "operation_timeout" || error === "dispatch_failed";
