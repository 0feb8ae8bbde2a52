"""A Slack that nobody reaches: every connection is refused, and those that were open break."""

import asyncio
from dataclasses import dataclass

from bot.sandbox.connections import Connections
from bot.sandbox.listening import Listening
from bot.sandbox.socket_door import SocketDoor


@dataclass(frozen=True)
class Outage:
    """The page's own connections stay, and new ones of its too are refused meanwhile."""

    listening: Listening
    connections: Connections
    door: SocketDoor

    async def begin(self) -> None:
        self.listening.close()
        self.connections.reset_apps()
        await self.door.drop()

    async def end(self) -> None:
        await self.listening.open()

    async def last(self, seconds: float) -> None:
        """Real seconds: the system refuses, and knows no other clock."""
        await self.begin()
        await asyncio.sleep(seconds)
        await self.end()
