"""The app in several workspaces: whose token speaks where, as this process knows it now."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from slack_sdk import WebClient

from bot.clock import Clock
from bot.database import Database
from bot.renewing import Renewing
from bot.services import installation as installations
from models.schemas.installation import InstallationCard, Served

logger = logging.getLogger(__name__)

LOOK_EVERY = 2.0
"""Seconds."""

PATIENCE = 5
"""Seconds for a look that is under way when the process stops."""

SURE_AFTER = timedelta(minutes=10)
"""So long a token has not worked: then Slack is asked once more, and believed."""

LOOKS = 10
PAUSE = 0.2
"""Seconds between two looks whether another process has renewed a token."""


class Opens(Protocol):
    """Opens what is sealed. `bot.seal.Seal` is one."""

    def open(self, sealed: str, *, whose: str) -> str: ...


class Connect(Protocol):
    """Makes a client that speaks with this token; `team_id` where the token is good for several workspaces."""

    def __call__(self, token: str, *, team_id: str | None, renewed: Callable[[str], str | None]) -> WebClient: ...


class NotInstalled(LookupError):
    """We hold no token of this workspace any more: nothing is said there, and nobody there is answered."""


@dataclass(frozen=True)
class Held:
    """A token of one version, ready to be used."""

    of: tuple[int, int]
    """The installation, and the version of its token."""
    slack: WebClient


@dataclass(frozen=True)
class Known:
    """All that is served, at one moment. Replaced as a whole, so that it is read without a lock."""

    changes: tuple[int, int] = (-1, -1)
    by_workspace: dict[int, Served] = field(default_factory=dict)
    by_team: dict[str, Served] = field(default_factory=dict)
    wide: dict[str, int] = field(default_factory=dict)
    """Organisations whose installation serves any of their workspaces, and its id."""


class Tenants:
    """`serves` is changed in place: it is what jobs go through."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        seal: Opens,
        connect: Connect,
        serves: set[int],
        renewing: Renewing | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._seal = seal
        self._connect = connect
        self._serves = serves
        self.renewing = renewing
        self.suspects: dict[int, datetime] = {}
        """Workspaces whose token Slack did not take, and since when: perhaps the app was removed and nobody heard."""
        self._known = Known()
        self._held: dict[int, Held] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._watching = threading.Thread(target=self._watch, name="installations", daemon=True)

    def open(self) -> None:
        """Whatever is installed is served; every token can be opened, else we would fall silent somewhere."""
        if self.renewing is not None:
            self.renewing.check_all()
        self.look()
        self.watch()

    def watch(self) -> None:
        """From now on what other processes change is noticed within seconds."""
        self._watching.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._watching.is_alive():
            self._watching.join(timeout=PATIENCE)

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            try:
                self.look()
            except Exception:
                logger.exception("the installations could not be looked at; trying again")

    def look(self) -> None:
        """Whether another process, or we, installed, renewed or ended anything: one small statement, most often."""
        with self._database.look() as connection:
            changes = installations.changes(connection)
            if changes == self._known.changes:
                return
            with self._lock:
                self._learn(changes, installations.served(connection), installations.wide(connection))

    def client_of(self, workspace_id: int) -> WebClient:
        """Raises NotInstalled."""
        served = self._known.by_workspace.get(workspace_id)
        if served is None:
            raise NotInstalled(f"workspace {workspace_id}")
        return self.held(served).slack

    def held(self, served: Served) -> Held:
        """The token of the version that we know of; opened once."""
        held = self._held.get(served.workspace_id)
        if held is None or held.of[0] != served.installation_id or held.of[1] < served.version:
            held = self._open(served)
        return held

    def served(self, team_id: str | None) -> Served | None:
        """Without asking Slack: what it granted us is in the database."""
        return self._known.by_team.get(team_id or "")

    def of_workspace(self, workspace_id: int) -> Served | None:
        return self._known.by_workspace.get(workspace_id)

    def wide(self, enterprise_id: str | None) -> int | None:
        """The installation of the organisation."""
        return self._known.wide.get(enterprise_id or "")

    def suspect(self, workspace_id: int) -> None:
        """Something was said that may mean that its installation has ended: Slack is asked at the next look at it."""
        self.suspects[workspace_id] = self._clock.now() - SURE_AFTER

    def are_kin(self, team_id: str, other: str) -> bool:
        """Both of one organisation, as far as we serve them."""
        one, two = self._known.by_team.get(team_id), self._known.by_team.get(other)
        if one is None or two is None or one.enterprise_id is None:
            return False
        return one.enterprise_id == two.enterprise_id

    def renewed(self, workspace_id: int, held: str) -> str | None:
        """Slack did not take this token: the one that holds now, where another process has it or it can be renewed."""
        for _ in range(LOOKS):
            card = self._card(workspace_id)
            token = self._opened(card)
            if token != held:
                return token
            if card.expires_at is None or card.refresh_token is None or self.renewing is None:
                break
            if not self.renewing.renew(card.id, card.version):  # another process is about it
                self._clock.wait(PAUSE)
        self.suspects.setdefault(workspace_id, self._clock.now())
        return None

    def _learn(self, changes: tuple[int, int], served: list[Served], wide: dict[str, int]) -> None:
        self._known = Known(
            changes=changes,
            by_workspace={each.workspace_id: each for each in served},
            by_team={each.team_id: each for each in served},
            wide=wide,
        )
        now_served = {each.workspace_id for each in served}
        self._serves.difference_update(self._serves - now_served)
        self._serves.update(now_served)
        for gone in set(self._held) - now_served:
            self._held.pop(gone, None)

    def _open(self, served: Served) -> Held:
        card = self._card(served.workspace_id)
        slack = self._connect(
            self._opened(card),
            team_id=served.team_id if card.is_org_wide else None,
            renewed=partial(self.renewed, served.workspace_id),
        )
        self._held[served.workspace_id] = held = Held((card.id, card.version), slack)
        return held

    def _card(self, workspace_id: int) -> InstallationCard:
        """As it is now, whoever changed it."""
        self.look()
        served = self._known.by_workspace.get(workspace_id)
        if served is not None:
            with self._database.look() as connection:
                card = installations.by_id(connection, served.installation_id)
            if card is not None:
                return card
        raise NotInstalled(f"workspace {workspace_id}")

    def _opened(self, card: InstallationCard) -> str:
        return self._seal.open(card.token, whose=card.slack_id)
