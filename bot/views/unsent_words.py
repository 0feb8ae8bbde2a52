"""Slack's refusals in plain words: why nothing arrives, and what to do about it."""

from collections.abc import Mapping

from bot.domain.stops import GONE, Meaning, meaning_of

INVITE = "Type `/invite @stationmaster` there."
MOVE = "Or type `/pm setup` in another channel: it moves there, with what is still news."
REINSTALL = "An admin installs the app again. `./run doctor` says what is missing."

_IN_CHANNEL: Mapping[str, tuple[str, str]] = {
    "not_in_channel": ("I am not in it", INVITE),
    "channel_not_found": ("I do not see it: it is gone, or private and without me", f"{INVITE} {MOVE}"),
    "channel_deleted": (
        "it was deleted",
        "Type `/pm setup` in another channel: it moves there, with what is still news.",
    ),
    "is_archived": ("it is archived", f"Unarchive it in Slack. {MOVE}"),
}
_LIMITED = ("only some people may post in it", f"Let the app post there, in the channel's settings. {MOVE}")
_TO_PERSON: Mapping[str, tuple[str, str]] = {
    "cannot_dm_bot": ("they are an app, not a person", "Name somebody else as owner, with `/pm setup`."),
}
_LEFT = ("they have left Slack", "Name somebody else for what they own.")
_REFUSES = ("their settings refuse messages from apps", "They, or an admin, can allow them in Slack.")
_OF_APP: Mapping[str, tuple[str, str]] = {
    "missing_scope": ("the app lacks a permission", REINSTALL),
    "messages_tab_disabled": (
        "the app's messages tab is switched off",
        "An admin switches it on: App Home, Messages Tab, in the app's settings.",
    ),
    "not_enabled": ("the app's Home is switched off", "An admin switches it on: App Home, in the app's settings."),
    "message_limit_exceeded": ("the workspace is over its limit of messages", "An admin looks at the plan's limits."),
    "ekm_access_denied": ("an administrator suspended posting", "An admin ends that in Slack."),
}
_TOKEN = ("Slack does not accept the app's token any more", REINSTALL)
_NO_ANSWER = ("Slack did not take it for most of a day", "Try again.")
_NO_THREAD = ("the message that it answers does not stand any more", "Nothing is needed.")
_OURS = ("Slack did not take its contents. The fault is ours", "Tell an admin the word in brackets.")


def why(error: str) -> tuple[str, str]:
    """The reason as the end of a sentence, and what to do; of the target that it is said of."""
    word = error.partition(":")[0]
    meaning = meaning_of(error)
    if meaning is Meaning.PLACE:
        return _IN_CHANNEL.get(word, _LIMITED)
    if meaning is Meaning.PERSON:
        return _LEFT if word in GONE else _TO_PERSON.get(word, _REFUSES)
    if meaning is Meaning.APP:
        return _OF_APP.get(word, _TOKEN)
    if meaning is Meaning.PASSING or word.startswith("http_") or not word.islower():
        return _NO_ANSWER
    if " " in word or word in ("cannot_reply_to_message", "thread_not_found"):
        return _NO_THREAD
    return _OURS
