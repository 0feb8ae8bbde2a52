// Shortcodes of Slack's that the app's messages use, and a few that people type.

const EMOJI = {
  arrow_down: "⬇️", arrow_left: "⬅️", arrow_right: "➡️", arrow_up: "⬆️", bar_chart: "📊", bell: "🔔", bulb: "💡",
  calendar: "📅", chart_with_downwards_trend: "📉", chart_with_upwards_trend: "📈", clipboard: "📋",
  double_vertical_bar: "⏸️", exclamation: "❗", eyes: "👀", fire: "🔥", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", information_source: "ℹ️", large_blue_circle: "🔵", large_green_circle: "🟢",
  large_orange_diamond: "🔶", large_red_square: "🟥", large_yellow_circle: "🟡",
  leftwards_arrow_with_hook: "↩️", link: "🔗", lock: "🔒", memo: "📝", mega: "📣", no_entry: "⛔",
  no_entry_sign: "🚫", pray: "🙏", pushpin: "📌", question: "❓", radio_button: "🔘", red_circle: "🔴",
  rocket: "🚀", rotating_light: "🚨", scales: "⚖️", slightly_smiling_face: "🙂", smile: "😄",
  speech_balloon: "💬", station: "🚉", steam_locomotive: "🚂", tada: "🎉", thinking_face: "🤔",
  thumbsup: "👍", "+1": "👍", "-1": "👎", warning: "⚠️", wave: "👋", white_check_mark: "✅", x: "❌", zzz: "💤",
};

export const emojiFor = (name) => (Object.hasOwn(EMOJI, name) ? EMOJI[name] : null);

/** Replaces known shortcodes inside a text that stays text (labels of buttons, options, headers). */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emojiFor(name) ?? whole);
}
