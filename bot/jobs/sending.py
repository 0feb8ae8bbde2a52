"""One call to Slack for one claim, and what its answer means."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.domain.stops import OWN_MESSAGE
from bot.jobs.looking import find_lost
from bot.jobs.outcome import NOT_READY, Sent, Trouble, never_left, refusal
from bot.runtime import Runtime
from bot.services import delivery, home, people
from bot.services import workspace as workspaces
from bot.services.delivery import MISSING_BOT, NO_THREAD
from bot.slack_rules import check_message
from bot.slack_rules.pictures import NO_SUCH_PICTURE
from bot.views.blocks import context
from bot.views.home import home_view
from models.schemas.delivery import Claim, Operation, Posted

GONE = frozenset({"message_not_found", "edit_window_closed", "cant_update_message"})
"""A message that cannot be changed any more is posted anew."""

NOT_THERE = frozenset({*MISSING_BOT, "user_not_in_channel", "is_archived"})
"""Where an ephemeral message cannot be shown; its reader gets it directly."""

OURS = frozenset({"fallback", "asked_in", "asks", "draw", "under", "anew"})
"""What a body holds for ourselves and Slack does not get."""


def send(runtime: Runtime, claim: Claim, standing: Posted | None) -> Sent | Trouble:
    try:
        return WAYS[claim.operation](runtime, claim, standing)
    except SlackApiError as problem:
        return refusal(problem)
    except (OSError, HTTPException) as problem:
        return Trouble(type(problem).__name__, retry=True, unknown=not never_left(problem))


def _post(runtime: Runtime, claim: Claim) -> Sent | Trouble:
    """An attempt whose answer nobody recorded is looked for once before it is repeated."""
    channel, thread = _channel(runtime, claim, claim.target), _thread(runtime, claim)
    if claim.body.get("under") and thread is None:
        return _by_itself(runtime, claim) or Trouble(NO_THREAD)
    could_look = True
    if claim.unsure_since is not None:
        lost, could_look = find_lost(runtime, claim, channel, thread)
        if lost is not None:
            return Sent(lost) if lost.version == claim.version else _change(runtime, claim, lost)
    place: dict[str, Any] = {"channel": channel} | ({"thread_ts": thread} if thread else {})
    try:
        sent = _with_or_without_tables(
            runtime, claim, lambda body: runtime.slack.chat_postMessage(**place, **body), channel
        )
    except SlackApiError as problem:
        alone = _by_itself(runtime, claim) if thread and problem.response.get("error") in OWN_MESSAGE else None
        if alone is None:
            raise
        return alone
    return replace(sent, doubled=not could_look) if isinstance(sent, Sent) else sent


def _by_itself(runtime: Runtime, claim: Claim) -> Sent | Trouble | None:
    """A reply whose thread is gone, with a line that says what it belongs to. None where that was never said."""
    with runtime.database.read(claim.workspace_id) as session:
        head = delivery.was_said(session, claim.body["under"])
    if head is None:
        return None
    words = f"This belongs to a message that does not stand here any more: {head}"
    body = {name: value for name, value in claim.body.items() if name != "under"}
    return _post(runtime, claim.model_copy(update={"body": body | {"blocks": [*claim.body["blocks"], context(words)]}}))


def _thread(runtime: Runtime, claim: Claim) -> str | None:
    """Where the message stands under which this one is a reply."""
    under = claim.body.get("under")
    if under is None:
        return None
    if claim.thread_ts is not None:
        return claim.thread_ts
    with runtime.database.read(claim.workspace_id) as session:
        found = delivery.posted(session, [under]).get(under)
    return found.ts if found else None


def _update(runtime: Runtime, claim: Claim, standing: Posted | None) -> Sent | Trouble:
    if standing is None:
        return _post(runtime, claim)
    try:
        return _change(runtime, claim, standing)
    except SlackApiError as problem:
        if problem.response.get("error") not in GONE or {"asked_in", "asks"} & claim.body.keys():
            raise
        return _post(runtime, _said_anew(claim))


def _said_anew(claim: Claim) -> Claim:
    """Somebody deleted it: where that matters the new message says so."""
    words = claim.body.get("anew")
    if words is None:
        return claim
    return claim.model_copy(update={"body": claim.body | {"blocks": [*claim.body["blocks"], context(words)]}})


def _change(runtime: Runtime, claim: Claim, standing: Posted) -> Sent | Trouble:
    def change(body: dict[str, Any]) -> Any:
        kept = {name: body[name] for name in ("text", "blocks", "metadata")}
        return runtime.slack.chat_update(channel=standing.channel, ts=standing.ts, **kept)

    return _with_or_without_tables(runtime, claim, change, standing.channel)


def _with_or_without_tables(
    runtime: Runtime, claim: Claim, call: Callable[[dict[str, Any]], Any], channel: str
) -> Sent | Trouble:
    """A workspace that refuses a table gets its text twin, now and from now on."""
    body, fallback = {name: value for name, value in claim.body.items() if name not in OURS}, claim.body.get("fallback")
    if fallback and _refuses_tables(runtime, claim):
        body["blocks"] = fallback
    problems = check_message(body)
    if problems:
        return Trouble(f"invalid_blocks: {problems[0]}")
    try:
        return Sent(_where(call(body), channel))
    except SlackApiError as problem:
        if problem.response.get("error") != "invalid_blocks" or not fallback or body["blocks"] is fallback:
            raise
    return Sent(_where(call(body | {"blocks": fallback}), channel), without_tables=True)


def _whisper(runtime: Runtime, claim: Claim) -> Sent | Trouble:
    body = {name: claim.body[name] for name in ("text", "blocks")}
    assert claim.reader is not None
    sent = Sent(None, doubled=claim.unsure_since is not None)  # no history holds what one person alone sees
    missing = ""
    if not claim.target.startswith(("U", "W")):
        try:
            runtime.slack.chat_postEphemeral(channel=claim.target, user=claim.reader, **body)
            return sent
        except SlackApiError as problem:
            missing = str(problem.response.get("error"))
            if missing not in NOT_THERE:
                raise
    if missing in MISSING_BOT:
        line = f"I am not in <#{claim.target}>, so nobody there sees it yet. Type `/invite @stationmaster` there."
        body["blocks"] = [*body["blocks"], context(line)]
    runtime.slack.chat_postMessage(channel=_channel(runtime, claim, claim.reader), **body)
    return sent


def _publish_home(runtime: Runtime, claim: Claim) -> Sent:
    with runtime.database.read(claim.workspace_id) as session:
        view = home_view(home.build(session, claim.target, now=runtime.now()))
    runtime.slack.views_publish(user_id=claim.target, view=view)
    return Sent(None)


def _remove(runtime: Runtime, standing: Posted | None) -> Sent:
    """Somebody may have deleted it already; what never stood needs no call."""
    if standing is not None:
        try:
            runtime.slack.chat_delete(channel=standing.channel, ts=standing.ts)
        except SlackApiError as problem:
            if problem.response.get("error") != "message_not_found":
                raise
    return Sent(None)


def _export(runtime: Runtime, claim: Claim) -> Sent:
    from bot.jobs.export import send_export  # loaded with the first export, not with the bot

    send_export(runtime, claim, _channel(runtime, claim, claim.target))
    return Sent(None, doubled=claim.unsure_since is not None)


def _picture(runtime: Runtime, claim: Claim) -> Sent | Trouble:
    from bot.jobs import pictures  # loaded with the first picture, not with the bot

    ready = pictures.prepare(runtime, claim)
    if ready is None:
        return NOT_READY
    try:
        return _post(runtime, ready)
    except SlackApiError as problem:
        if problem.response.get("error") in MISSING_BOT:
            pictures.tell_missing(runtime, claim)
        if NO_SUCH_PICTURE in str(problem.response.get("errors")):
            return NOT_READY
        raise


def _where(answer: Any, channel: str) -> Posted:
    return Posted(channel=answer.get("channel") or channel, ts=answer["ts"])


def _channel(runtime: Runtime, claim: Claim, target: str) -> str:
    """A person is written to in their direct message, which is opened once and kept."""
    if not target.startswith(("U", "W")):
        return target
    if target in claim.direct:
        return claim.direct[target]
    with runtime.database.read(claim.workspace_id) as session:
        known = people.direct_channel(session, target)
    if known:
        return known
    channel: str = runtime.slack.conversations_open(users=target)["channel"]["id"]
    with runtime.database.write(claim.workspace_id) as session:
        people.remember_direct_channel(session, target, channel)
    return channel


def _refuses_tables(runtime: Runtime, claim: Claim) -> bool:
    with runtime.database.read(claim.workspace_id) as session:
        return workspaces.refuses_tables(session)


WAYS: Mapping[Operation, Callable[[Runtime, Claim, Posted | None], Sent | Trouble]] = {
    Operation.POST: lambda runtime, claim, _: _post(runtime, claim),
    Operation.UPDATE: _update,
    Operation.EPHEMERAL: lambda runtime, claim, _: _whisper(runtime, claim),
    Operation.PUBLISH_HOME: lambda runtime, claim, _: _publish_home(runtime, claim),
    Operation.EXPORT: lambda runtime, claim, _: _export(runtime, claim),
    Operation.PICTURE: lambda runtime, claim, _: _picture(runtime, claim),
    Operation.REMOVE: lambda runtime, _, standing: _remove(runtime, standing),
}
