// Dates as Slack shows them, in the zone of the person who reads.

const LOCALE = "en-US";
const DAY = 86_400_000;
const formatters = new Map();

function formatter(timeZone, options) {
  const key = timeZone + JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone, ...options }));
  return formatters.get(key);
}

// The narrow space that Intl puts before AM and PM would surprise whoever searches the page.
const show = (date, timeZone, options) => formatter(timeZone, options).format(date).replaceAll("\u202f", " ");

function partsOf(date, timeZone) {
  const options = {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    hourCycle: "h23",
  };
  return Object.fromEntries(formatter(timeZone, options).formatToParts(date).map((p) => [p.type, p.value]));
}

/** The calendar day, YYYY-MM-DD, on which `date` falls in `timeZone`. */
export function dayOf(date, timeZone) {
  const { year, month, day } = partsOf(date, timeZone);
  return `${year}-${month}-${day}`;
}

/** What <input type="datetime-local"> wants: the wall clock of `unix` in `timeZone`. */
export function unixToLocal(unix, timeZone) {
  const { year, month, day, hour, minute } = partsOf(new Date(unix * 1000), timeZone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

/** The instant at which clocks in `timeZone` show `local` (YYYY-MM-DDTHH:MM), in Unix seconds. */
export function localToUnix(local, timeZone) {
  const wanted = Date.parse(`${local}Z`);
  let instant = wanted;
  // Twice: the first guess may lie on the other side of a change to or from summer time.
  for (let round = 0; round < 2; round += 1) {
    instant += wanted - Date.parse(`${unixToLocal(instant / 1000, timeZone)}Z`);
  }
  return instant / 1000;
}

function ordinal(day) {
  const teens = day % 100 >= 11 && day % 100 <= 13;
  return `${day}${(!teens && { 1: "st", 2: "nd", 3: "rd" }[day % 10]) || "th"}`;
}

function longDate(date, timeZone, options) {
  const parts = formatter(timeZone, { year: "numeric", month: "long", day: "numeric", ...options }).formatToParts(date);
  return parts.map((part) => (part.type === "day" ? ordinal(Number(part.value)) : part.value)).join("");
}

function pretty(date, { timeZone, now }, otherwise) {
  const days = (Date.parse(dayOf(date, timeZone)) - Date.parse(dayOf(now, timeZone))) / DAY;
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? otherwise;
}

function ago(date, now) {
  const units = [["year", 365 * DAY], ["month", 30 * DAY], ["day", DAY], ["hour", 3_600_000], ["minute", 60_000]];
  const difference = date - now;
  const [unit, size] = units.find(([, length]) => Math.abs(difference) >= length) ?? ["second", 1000];
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "always" }).format(Math.round(difference / size), unit);
}

const shortDate = (date, zone) => show(date, zone, { month: "short", day: "numeric", year: "numeric" });
const fullDate = (date, zone) => longDate(date, zone, { weekday: "long" });
const dividerDate = (date, zone) => show(date, zone, { weekday: "long", month: "long", day: "numeric" });

const TOKENS = {
  date_num: (date, reader) => dayOf(date, reader.timeZone),
  date: (date, reader) => longDate(date, reader.timeZone, {}),
  date_short: (date, reader) => shortDate(date, reader.timeZone),
  date_long: (date, reader) => fullDate(date, reader.timeZone),
  date_pretty: (date, reader) => pretty(date, reader, longDate(date, reader.timeZone, {})),
  date_short_pretty: (date, reader) => pretty(date, reader, shortDate(date, reader.timeZone)),
  date_long_pretty: (date, reader) => pretty(date, reader, fullDate(date, reader.timeZone)),
  day_divider_pretty: (date, reader) => pretty(date, reader, dividerDate(date, reader.timeZone)),
  time: (date, reader) => timeOfDay(date, reader.timeZone),
  time_secs: (date, reader) => show(date, reader.timeZone, { timeStyle: "medium" }),
  ago: (date, reader) => ago(date, reader.now),
};

/** The text of <!date^unix^template|fallback> for a reader {timeZone, now}. */
export function slackDate(unix, template, fallback, reader) {
  const date = new Date(Number(unix) * 1000);
  if (Number.isNaN(date.getTime()) || !/\{\w+\}/.test(template)) return fallback;
  return template.replace(/\{(\w+)\}/g, (whole, name) => TOKENS[name]?.(date, reader) ?? whole);
}

export const timeOfDay = (date, timeZone) => show(date, timeZone, { timeStyle: "short" });

export const fullMoment = (date, timeZone) => show(date, timeZone, { dateStyle: "full", timeStyle: "medium" });

/** The line between the messages of two days: "Today", "Yesterday" or "Monday, March 30". */
export function dayTitle(date, reader) {
  const title = TOKENS.day_divider_pretty(date, reader);
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** The clock on top of the page: "Mon 30 Mar 2026, 09:00". */
export function clockText(date, timeZone) {
  const parts = formatter(timeZone, {
    weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(date);
  const of = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return `${of.weekday} ${of.day} ${of.month} ${of.year}, ${of.hour}:${of.minute}`;
}

export const cityOf = (timeZone) => timeZone.split("/").pop().replaceAll("_", " ");

export const tsToDate = (ts) => new Date(Number(ts) * 1000);
