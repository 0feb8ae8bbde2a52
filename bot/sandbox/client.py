"""One person's Slack client: what every act of theirs needs."""

from dataclasses import dataclass

from bot.sandbox.answers import Json, SlackRefused
from bot.sandbox.courier import Apply, Courier, Delivery, Outcome
from bot.sandbox.elements import Found
from bot.sandbox.payloads import Payloads
from bot.sandbox.state import Channel, Member, World
from bot.sandbox.workspace import Workspace


@dataclass(frozen=True)
class Client:
    ws: Workspace
    payloads: Payloads
    courier: Courier
    user: str

    def me(self, world: World) -> Member:
        member = world.members[self.user]
        if member.deleted:
            raise SlackRefused(f"{self.user} is deactivated")
        return member

    def joined(self, world: World, channel_id: str) -> Channel:
        """A conversation this person takes part in."""
        channel = world.channels.get(channel_id)
        if channel is None or self.user not in channel.members:
            raise SlackRefused(f"{self.user} is not in {channel_id}")
        return channel

    def was_offered(self, found: Found) -> list[Json]:
        """The options this person was shown in a menu that asks the app for them."""
        return self.ws.suggested.get((self.user, found.block_id, found.action_id), [])

    def remember(self, block_id: str, action_id: str, options: list[Json]) -> None:
        known = self.ws.suggested.setdefault((self.user, block_id, action_id), [])
        known.extend(option for option in options if option not in known)

    def interact(self, payload: Json, apply: Apply) -> Outcome:
        """Deliver an interaction; without `settings.interactivity` in the manifest there is nowhere to send it."""
        if not self.ws.installed.interactive:
            return Outcome(False, {}, "app_missing_action_url")
        return self.courier.send(Delivery("interactive", payload, self.user, apply))


def ignore(ack: Json) -> None:
    """Slack looks only at whether such a payload was acknowledged."""
