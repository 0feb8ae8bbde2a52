"""One call to Slack for one claim, and what its answer means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.runtime import Runtime
from bot.services import home
from bot.services import workspace as workspaces
from bot.services.delivery import MISSING_BOT
from bot.slack_rules import RETRYABLE_ERRORS, check_message
from bot.views.blocks import context
from bot.views.home import home_view
from models.schemas.delivery import Claim, Operation, Posted

GONE = frozenset({"message_not_found", "edit_window_closed", "cant_update_message"})
"""A message that cannot be changed any more is posted anew."""

NOT_THERE = frozenset({*MISSING_BOT, "user_not_in_channel", "is_archived"})
"""Where an ephemeral message cannot be shown; its reader gets it directly."""


@dataclass(frozen=True)
class Sent:
    posted: Posted | None
    without_tables: bool = False


@dataclass(frozen=True)
class Trouble:
    error: str
    retry: bool = False
    unknown: bool = False
    """No answer came: the message may stand there."""
    wait: float = 0
    """Seconds that Slack asked us to wait."""


def send(runtime: Runtime, claim: Claim, standing: Posted | None) -> Sent | Trouble:
    step = {
        Operation.POST: _post,
        Operation.UPDATE: _update,
        Operation.EPHEMERAL: _whisper,
        Operation.PUBLISH_HOME: _publish_home,
    }[claim.operation]
    return _answered(lambda: step(runtime, claim, standing))


def find_lost(runtime: Runtime, claim: Claim, *, since: datetime) -> tuple[Posted | None, bool]:
    """Look for a message whose answer was lost, by the key in its metadata. Also says whether we could look."""
    try:
        channel = _channel(runtime, claim.target)
        answer = runtime.slack.conversations_history(
            channel=channel, oldest=f"{since.timestamp() - 1:.6f}", inclusive=True, include_all_metadata=True, limit=100
        )
    except (SlackApiError, OSError):
        return None, False
    for message in answer["messages"]:
        key = ((message.get("metadata") or {}).get("event_payload") or {}).get("key")
        if key == claim.message_key:
            return Posted(channel=channel, ts=message["ts"]), True
    return None, True


def _answered(call: Callable[[], Sent | Trouble]) -> Sent | Trouble:
    try:
        return call()
    except SlackApiError as problem:
        return _refusal(problem)
    except OSError as problem:  # no answer: Slack could not be reached, or it was and the connection broke
        return Trouble(type(problem).__name__, retry=True, unknown=True)


def _refusal(problem: SlackApiError) -> Trouble:
    response = problem.response
    status = getattr(response, "status_code", 200)
    error = str(response.get("error") or f"http_{status}")
    wait = float(response.headers.get("Retry-After", 0)) if status == 429 else 0.0
    return Trouble(error, retry=error in RETRYABLE_ERRORS or status == 429 or status >= 500, wait=wait)


def _post(runtime: Runtime, claim: Claim, standing: Posted | None) -> Sent | Trouble:
    channel = _channel(runtime, claim.target)
    return _with_or_without_tables(
        runtime, claim, lambda body: runtime.slack.chat_postMessage(channel=channel, **body), channel
    )


def _update(runtime: Runtime, claim: Claim, standing: Posted | None) -> Sent | Trouble:
    if standing is None:
        return _post(runtime, claim, None)

    def change(body: dict[str, Any]) -> Any:
        kept = {name: body[name] for name in ("text", "blocks", "metadata")}
        return runtime.slack.chat_update(channel=standing.channel, ts=standing.ts, **kept)

    try:
        return _with_or_without_tables(runtime, claim, change, standing.channel)
    except SlackApiError as problem:
        if problem.response.get("error") in GONE:
            return _post(runtime, claim, None)
        raise


def _with_or_without_tables(
    runtime: Runtime, claim: Claim, call: Callable[[dict[str, Any]], Any], channel: str
) -> Sent | Trouble:
    """A workspace that refuses a table gets its text twin, now and from now on."""
    body, fallback = dict(claim.body), claim.body.get("fallback")
    body.pop("fallback", None)
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


def _whisper(runtime: Runtime, claim: Claim, standing: Posted | None) -> Sent | Trouble:
    body = {name: claim.body[name] for name in ("text", "blocks")}
    assert claim.reader is not None
    missing = ""
    if not claim.target.startswith(("U", "W")):
        try:
            runtime.slack.chat_postEphemeral(channel=claim.target, user=claim.reader, **body)
            return Sent(None)
        except SlackApiError as problem:
            missing = str(problem.response.get("error"))
            if missing not in NOT_THERE:
                raise
    if missing in MISSING_BOT:
        line = f"I am not in <#{claim.target}>, so nobody there sees it yet. Type `/invite @stationmaster` there."
        body["blocks"] = [*body["blocks"], context(line)]
    runtime.slack.chat_postMessage(channel=_channel(runtime, claim.reader), **body)
    return Sent(None)


def _publish_home(runtime: Runtime, claim: Claim, standing: Posted | None) -> Sent | Trouble:
    with runtime.database.read(claim.workspace_id) as session:
        view = home_view(home.build(session, claim.target, now=runtime.now()))
    runtime.slack.views_publish(user_id=claim.target, view=view)
    return Sent(None)


def _where(answer: Any, channel: str) -> Posted:
    return Posted(channel=answer.get("channel") or channel, ts=answer["ts"])


def _channel(runtime: Runtime, target: str) -> str:
    """A person is written to in their direct message, which is opened first."""
    if not target.startswith(("U", "W")):
        return target
    channel: str = runtime.slack.conversations_open(users=target)["channel"]["id"]
    return channel


def _refuses_tables(runtime: Runtime, claim: Claim) -> bool:
    with runtime.database.read(claim.workspace_id) as session:
        return workspaces.refuses_tables(session)
