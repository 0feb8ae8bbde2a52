"""The channels of programs and projects: whether the bot is there, so that what it says arrives."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.doctor.case import Case
from bot.doctor.finding import Finding, counted, listed, problem, right, unchecked
from bot.doctor.line import Answer, Unreachable
from bot.services import doctor
from models.schemas.doctor import UsedChannel

TYPES = "public_channel,private_channel"
PAGE = 200
MOST_LOOKED_AT = 20
"""Channels that the bot is not in, asked for one by one."""

Joined = Mapping[str, Mapping[str, Any]]
"""Slack's words on the channels that the bot is in, by their ids."""


class Refused(Exception):
    """Slack said no, in one word."""


def check_channels(case: Case) -> Iterator[Finding]:
    if case.database is None or case.workspace is None:
        yield unchecked("channels", case.without_database)
        return
    if case.identity is None:
        yield unchecked("channels", case.without_slack)
        return
    with case.database.read(case.workspace.id) as session:
        used = doctor.used_channels(session)
    if not used:
        yield right("No program or project has a channel yet: /pm setup in one makes it one.")
        return
    try:
        yield from _compared(case, used, _joined(case))
    except (Refused, Unreachable) as trouble:
        yield unchecked("channels", str(trouble))


def _compared(case: Case, used: list[UsedChannel], joined: Joined) -> Iterator[Finding]:
    there = [channel for channel in used if channel.id in joined]
    archived = [channel for channel in there if joined[channel.id].get("is_archived")]
    absent = [channel for channel in used if channel.id not in joined]
    if len(there) > len(archived):
        yield right(f"The bot is in {counted(len(there) - len(archived), 'channel')} of programs and projects.")
    for channel in archived:
        yield _archived(channel)
    for channel in absent[:MOST_LOOKED_AT]:
        yield _absence(case, channel)
    if len(absent) > MOST_LOOKED_AT:
        yield unchecked(
            listed([_named(channel) for channel in absent[MOST_LOOKED_AT:]]),
            "the bot is in none of them, and there are many: mend those above first",
        )


def _absence(case: Case, channel: UsedChannel) -> Finding:
    answer = case.line.ask(lambda slack: slack.conversations_info(channel=channel.id))
    if answer.error == "channel_not_found":
        return _unseen(case, channel)
    if answer.error:
        raise Refused(_refusal(answer))
    if answer.body["channel"].get("is_archived"):
        return _archived(channel)
    return problem(f"The bot is not in {_named(channel)}.", f"In that channel, type /invite @{case.bot_name}")


def _unseen(case: Case, channel: UsedChannel) -> Finding:
    if channel.is_private:
        return problem(
            f"The bot does not see {_named(channel)}, a private channel: it was removed, or the channel is gone.",
            f"In that channel, type /invite @{case.bot_name}",
        )
    return problem(
        f"The bot does not see {_named(channel)}: it is gone, or was made private.",
        f"If it was made private, type /invite @{case.bot_name} there. If it is gone, go on in another with /pm setup.",
    )


def _archived(channel: UsedChannel) -> Finding:
    return problem(
        f"{_named(channel)} is archived, so nothing can be said there.",
        "Unarchive it in Slack; or go on in another channel, with /pm setup there.",
    )


def _joined(case: Case) -> Joined:
    found: dict[str, Mapping[str, Any]] = {}
    cursor: str | None = None
    while True:
        page = case.line.ask(_page_after(cursor))
        if page.error:
            raise Refused(_refusal(page))
        found |= {channel["id"]: channel for channel in page.body["channels"]}
        cursor = (page.body.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return found


def _page_after(cursor: str | None) -> Callable[[WebClient], SlackResponse]:
    return lambda slack: slack.users_conversations(types=TYPES, limit=PAGE, cursor=cursor)


def _refusal(answer: Answer) -> str:
    needed = answer.body.get("needed")
    return f"the scope {needed} is missing" if answer.error == "missing_scope" else f"Slack refused ({answer.error})"


def _named(channel: UsedChannel) -> str:
    """Names of private channels are not in Slack's payloads: then its id."""
    name = f"#{channel.name}" if channel.name else channel.id
    return f"{name} (of {channel.place})"
