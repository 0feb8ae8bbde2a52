"""Server-sent events: a page learns at once what changed for the person it shows."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from bot.sandbox.answers import Json
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.unread import counts
from bot.sandbox.workspace import Change

HEARTBEAT_SECONDS = 15
News = Change | Json | None
"""A change to be drawn for one person, something for everyone as it is, or None: the end."""


@dataclass(eq=False)
class Viewer:
    user: str
    loop: asyncio.AbstractEventLoop
    news: asyncio.Queue[News] = field(default_factory=asyncio.Queue)
    changed: set[str] = field(default_factory=set)
    """Conversations whose unread messages this page has to be told anew."""

    def tell(self, news: News) -> None:
        self.loop.call_soon_threadsafe(self.news.put_nowait, news)


class Stream:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._viewers: set[Viewer] = set()
        self._end_subscription = sandbox.workspace.subscribe(self._on_change)

    async def events(self, user: str) -> AsyncIterator[str]:
        viewer = Viewer(user, asyncio.get_running_loop())
        self._viewers.add(viewer)
        try:
            yield ": connected\n\n"
            while True:
                try:
                    news = await asyncio.wait_for(viewer.news.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if news is None:
                    return
                yield f"data: {json.dumps(self._shown(user, news))}\n\n"
        finally:
            self._viewers.discard(viewer)

    def tell_all(self, body: Json) -> None:
        for viewer in tuple(self._viewers):
            viewer.tell(body)

    def tell_unread(self) -> None:
        """To be called now and then: many messages are told as one number."""
        for viewer in tuple(self._viewers):
            with self._sandbox.workspace.reading() as world:
                changed, viewer.changed = viewer.changed, set()
                found = {id: counts(world, viewer.user, world.channels.get(id)) for id in sorted(changed)}
            if found:
                viewer.tell({"type": "unread", "channels": found})

    def close(self) -> None:
        self._end_subscription()
        viewers, self._viewers = self._viewers, set()
        for viewer in viewers:
            viewer.tell(None)

    def _on_change(self, change: Change) -> None:
        for viewer in tuple(self._viewers):
            if change.audience is not None and viewer.user not in change.audience:
                continue
            if change.channel:
                with self._sandbox.workspace.reading():
                    viewer.changed.add(change.channel)
            if change.kind != "read":
                viewer.tell(change)

    def _shown(self, user: str, news: Change | Json) -> Json:
        """Forms and Home as they are now: what a late event shows is never older than the one before."""
        if isinstance(news, dict):
            return news
        person = self._sandbox.person(user)
        match news.kind:
            case "modals":
                return {"type": "modals", "modals": person.modals}
            case "home":
                return {"type": "home", "view": person.home}
            case "membership":
                return {"type": "membership"}
            case kind:
                return {"type": kind, "channel": news.channel, "ts": news.ts}
