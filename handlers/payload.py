"""Slack's payloads, read into one `Ask`: what is asked, by whom, where, and how a repeat is recognised."""

from collections.abc import Mapping
from typing import Any

from bot.domain.slack_text import storable
from bot.runtime import Runtime
from handlers.feature import Ask
from models.schemas.workspace import WorkspaceCard


def read_payload(body: Mapping[str, Any], *, runtime: Runtime, workspace: WorkspaceCard) -> Ask | None:
    """None for what nobody listens to."""
    if "command" in body:
        return _command(body, runtime, workspace)
    reader = READERS.get(body.get("type", ""))
    return reader(body, runtime, workspace) if reader else None


def _command(body: Mapping[str, Any], runtime: Runtime, workspace: WorkspaceCard) -> Ask:
    text = storable(body.get("text") or "").strip()
    line = f"{body['command']} {text}".strip()
    return Ask(
        runtime=runtime,
        workspace=workspace,
        kind="command",
        name=body["command"],
        user=body["user_id"],
        key=f"command:{body['trigger_id']}",
        now=runtime.now(),
        payload=body,
        channel=body.get("channel_id"),
        text=text,
        typed=line,
    )


def _action(body: Mapping[str, Any], runtime: Runtime, workspace: WorkspaceCard) -> Ask:
    action = body["actions"][0]
    chosen = (action.get("selected_option") or {}).get("value")
    container = body.get("container") or {}
    return Ask(
        runtime=runtime,
        workspace=workspace,
        kind="action",
        name=action["action_id"].partition("@")[0],
        user=body["user"]["id"],
        key=f"action:{body['trigger_id']}",
        now=runtime.now(),
        payload=body,
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
        value=storable(chosen or action.get("value") or ""),
        is_stranger=_is_stranger(body, runtime, workspace),
    )


def _view(body: Mapping[str, Any], runtime: Runtime, workspace: WorkspaceCard) -> Ask:
    view = body["view"]
    return Ask(
        runtime=runtime,
        workspace=workspace,
        kind="view",
        name=view["callback_id"],
        user=body["user"]["id"],
        key=f"view:{view['id']}:{view.get('hash', '')}",
        now=runtime.now(),
        payload=body,
        is_stranger=_is_stranger(body, runtime, workspace),
    )


def _suggestion(body: Mapping[str, Any], runtime: Runtime, workspace: WorkspaceCard) -> Ask:
    """Somebody types into a menu: `text` is what they typed so far."""
    return Ask(
        runtime=runtime,
        workspace=workspace,
        kind="suggestion",
        name=body["action_id"].partition("@")[0],
        user=body["user"]["id"],
        key="",
        now=runtime.now(),
        payload=body,
        channel=(body.get("channel") or {}).get("id"),
        text=storable(body.get("value") or ""),
        is_stranger=_is_stranger(body, runtime, workspace),
    )


def _shortcut(body: Mapping[str, Any], runtime: Runtime, workspace: WorkspaceCard) -> Ask:
    """From the menu of a message (`payload["message"]`), or from anywhere."""
    return Ask(
        runtime=runtime,
        workspace=workspace,
        kind="shortcut",
        name=body["callback_id"],
        user=body["user"]["id"],
        key=f"shortcut:{body['trigger_id']}",
        now=runtime.now(),
        payload=body,
        channel=(body.get("channel") or {}).get("id"),
        is_stranger=_is_stranger(body, runtime, workspace),
    )


def _event(body: Mapping[str, Any], runtime: Runtime, workspace: WorkspaceCard) -> Ask:
    event = body["event"]
    user, channel = event.get("user") or "", event.get("channel")
    return Ask(
        runtime=runtime,
        workspace=workspace,
        kind="event",
        name=event["type"],
        user=user.get("id", "") if isinstance(user, Mapping) else user,
        key=f"event:{body['event_id']}",
        now=runtime.now(),
        payload=body,
        channel=channel.get("id") if isinstance(channel, Mapping) else channel,
    )


READERS = {
    "block_actions": _action,
    "block_suggestion": _suggestion,
    "event_callback": _event,
    "message_action": _shortcut,
    "shortcut": _shortcut,
    "view_submission": _view,
}


def _is_stranger(body: Mapping[str, Any], runtime: Runtime, workspace: WorkspaceCard) -> bool:
    """In shared channels `user.team_id` may be another company's; of the same organisation it is a colleague's."""
    team: str = (body.get("user") or {}).get("team_id") or workspace.team_id
    if team == workspace.team_id:
        return False
    return runtime.tenants is None or not runtime.tenants.are_kin(team, workspace.team_id)
