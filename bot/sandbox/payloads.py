"""The payloads an app gets, field by field as Slack sends them."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox import messages, mrkdwn, views
from bot.sandbox.answers import Json
from bot.sandbox.elements import BUTTONS, KINDS, Found, action_of, touchable, values_of
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.state import Channel, Member, Message, View
from bot.sandbox.workspace import Workspace

# Slack still sends this field; apps must not rely on it.
LEGACY_TOKEN = "sandbox-verification"
CHANNEL_NAMES = {"im": "directmessage", "group": "privategroup"}
EVENT_CHANNEL_TYPES = {"channel": "C", "group": "G", "im": "D"}


@dataclass(frozen=True)
class Payloads:
    ws: Workspace
    response_urls: ResponseUrls

    def slash_command(self, member: Member, channel: Channel, command: str, text: str) -> Json:
        return {
            "token": LEGACY_TOKEN,
            **self._organisation(),
            "team_id": self.ws.identity.team_id,
            "team_domain": self.ws.identity.team_domain,
            "channel_id": channel.id,
            "channel_name": CHANNEL_NAMES.get(channel.kind, channel.name),
            "user_id": member.id,
            "user_name": member.name,
            "command": command,
            "text": text,
            "api_app_id": self.ws.identity.app_id,
            "is_enterprise_install": "true" if self.ws.tokens.serves_org_wide else "false",
            "response_url": self.response_urls.make(member.id, channel.id),
            "trigger_id": self._trigger(member.id),
        }

    def action_in_message(self, member: Member, message: Message, found: Found, state: Json) -> Json:
        entered = self.ws.world.message_values.get(values_key(member.id, message), {})
        return {
            **self._interaction("block_actions", member),
            **self._in_message(message),
            "trigger_id": self._trigger(member.id),
            "state": {"values": values_of(message.blocks, entered)},
            "response_url": self.response_urls.make(member.id, message.channel, message.ts),
            "actions": [self._action(found, state, in_message=True)],
        }

    def action_in_view(self, member: Member, view: View, found: Found, state: Json) -> Json:
        return {
            **self._interaction("block_actions", member),
            **self._in_view(view),
            "trigger_id": self._trigger(member.id, in_modal=view.content["type"] == "modal"),
            "hash": view.hash,
            "actions": [self._action(found, state, in_message=False)],
        }

    def suggestion(self, member: Member, place: Message | View, found: Found, typed: str) -> Json:
        return {
            **self._interaction("block_suggestion", member),
            **(self._in_view(place) if isinstance(place, View) else self._in_message(place)),
            "action_id": found.action_id,
            "block_id": found.block_id,
            "value": typed,
        }

    def shortcut(self, member: Member, callback_id: str) -> Json:
        started = self._started("shortcut", member, callback_id)
        return started | {"user": {"id": member.id, "username": member.name, "team_id": self.ws.identity.team_id}}

    def message_action(self, member: Member, message: Message, callback_id: str) -> Json:
        """Its response_url answers where the message stands; it replaces nothing."""
        return {
            **self._started("message_action", member, callback_id),
            "user": {"id": member.id, "name": member.name, "team_id": self.ws.identity.team_id},
            "response_url": self.response_urls.make(member.id, message.channel),
            "channel": self._channel(message),
            "message_ts": message.ts,
            "message": messages.as_slack(self.ws, message),
        }

    def submission(self, member: Member, view: View) -> Json:
        return {
            **self._interaction("view_submission", member),
            "trigger_id": self._trigger(member.id, in_modal=True),
            "view": views.shown(self.ws, view, with_values=True),
            "response_urls": self._response_urls(member, view),
        }

    def closed(self, member: Member, view: View, *, is_cleared: bool) -> Json:
        return {
            **self._interaction("view_closed", member),
            "view": views.shown(self.ws, view, with_values=True),
            "is_cleared": is_cleared,
        }

    def event(self, event: Json) -> Json:
        """The envelope around an event; its id is what repeats have in common."""
        identity, is_wide = self.ws.identity, self.ws.tokens.serves_org_wide
        team_id = None if is_wide else identity.team_id
        authorization = {"enterprise_id": identity.enterprise_id, "team_id": team_id, "user_id": self.ws.bot_user_id}
        return {
            "token": LEGACY_TOKEN,
            "team_id": self.ws.identity.team_id,
            "context_team_id": self.ws.identity.team_id,
            "context_enterprise_id": identity.enterprise_id,
            **({"enterprise_id": identity.enterprise_id} if identity.enterprise_id else {}),
            "api_app_id": self.ws.identity.app_id,
            "event": {**event, "event_ts": event.get("event_ts") or self.ws.next_ts()},
            "type": "event_callback",
            "event_id": self.ws.next_id("Ev"),
            "event_time": self.ws.seconds(),
            "authorizations": [{**authorization, "is_bot": True, "is_enterprise_install": is_wide}],
            "is_ext_shared_channel": False,
            "event_context": self.ws.next_id("EC"),
        }

    def _in_message(self, message: Message) -> Json:
        container: Json = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        container["is_ephemeral"] = message.only_for is not None
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        shown = {} if message.only_for else {"message": messages.as_slack(self.ws, message)}
        return {"container": container, "channel": self._channel(message), **shown}

    def _channel(self, message: Message) -> Json:
        channel = self.ws.world.channels[message.channel]
        return {"id": channel.id, "name": CHANNEL_NAMES.get(channel.kind, channel.name)}

    def _in_view(self, view: View) -> Json:
        return {"container": {"type": "view", "view_id": view.id}, "view": views.shown(self.ws, view, with_values=True)}

    def _interaction(self, kind: str, member: Member) -> Json:
        user = {"id": member.id, "username": member.name, "name": member.name, "team_id": self.ws.identity.team_id}
        return {
            "type": kind,
            "user": user,
            "api_app_id": self.ws.identity.app_id,
            "token": LEGACY_TOKEN,
            **self._place(),
        }

    def _started(self, kind: str, member: Member, callback_id: str) -> Json:
        """What a shortcut sends: less about the person than other interactions, and nothing about the app."""
        return {
            "type": kind,
            "token": LEGACY_TOKEN,
            "action_ts": self.ws.next_ts(),
            **self._place(),
            "callback_id": callback_id,
            "trigger_id": self._trigger(member.id),
        }

    def _place(self) -> Json:
        """An interaction names its workspace; that of an organisation's installation leaves the team out."""
        identity, is_wide = self.ws.identity, self.ws.tokens.serves_org_wide
        enterprise = {"id": identity.enterprise_id, "name": "Example Organisation"} if identity.enterprise_id else None
        return {
            "team": None if is_wide else {"id": identity.team_id, "domain": identity.team_domain},
            "enterprise": enterprise,
            "is_enterprise_install": is_wide,
        }

    def _organisation(self) -> Json:
        """What a command says of it, where there is one."""
        enterprise_id = self.ws.identity.enterprise_id
        return {"enterprise_id": enterprise_id, "enterprise_name": "Example Organisation"} if enterprise_id else {}

    def _trigger(self, user: str, *, in_modal: bool = False) -> str:
        self.ws.world.counter += 1
        number, seconds = self.ws.world.counter, self.ws.seconds()
        return self.ws.triggers.make(f"{seconds}{number:06d}.{seconds}.{number:032x}", user, in_modal=in_modal)

    def _action(self, found: Found, state: Json, *, in_message: bool) -> Json:
        action = action_of(found, state, self.ws.next_ts())
        if in_message and found.element["type"] in BUTTONS and "text" in action:
            [action["text"]] = mrkdwn.blocks_handed_back([action["text"]])
        return action

    def _response_urls(self, member: Member, view: View) -> list[Json]:
        chosen = []
        for found in touchable(view.blocks):
            if found.element.get("response_url_enabled"):
                state = view.values[found.block_id][found.action_id]
                channel = state[KINDS[state["type"]].key]
                chosen += [self._named_url(found, member, channel)] if channel else []
        return chosen

    def _named_url(self, found: Found, member: Member, channel: str) -> Json:
        url = self.response_urls.make(member.id, channel)
        named: dict[str, Any] = {"block_id": found.block_id, "action_id": found.action_id}
        return {**named, "channel_id": channel, "response_url": url}


def values_key(user: str, message: Message) -> str:
    """Under which name the world keeps what a person entered in a message."""
    return f"{user}/{message.channel}/{message.ts}"
