"""Which workspace a payload is from. Only what Slack itself says of it counts, never where its person is at home."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltContext

from bot.runtime import Runtime, Tenants
from bot.services import installation as installations
from bot.services import workspace as workspaces
from models.schemas.installation import Served
from models.schemas.workspace import WorkspaceCard


class Whose:
    """Read once for each workspace, and again when its installation has changed."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._cards: dict[str, tuple[int, WorkspaceCard]] = {}

    def find(self, body: Mapping[str, Any], context: BoltContext) -> WorkspaceCard | None:
        """None: we hold no token of it."""
        team_id = team_of(body, context.team_id)
        if team_id is None:
            return None
        if self._runtime.tenants is None:
            card = self._card(team_id, 0)
            return card if card is not None and card.id in self._runtime.serves else None
        served = self._runtime.tenants.served(team_id) or self._met(self._runtime.tenants, body, context)
        return self._card(served.team_id, served.version) if served else None

    def _card(self, team_id: str, version: int) -> WorkspaceCard | None:
        known = self._cards.get(team_id)
        if known is None or known[0] != version:
            with self._runtime.database.everywhere() as session:
                found = workspaces.by_team(session, team_id)
            if found is None:
                return None
            known = self._cards[team_id] = (version, found)
        return known[1]

    def _met(self, tenants: Tenants, body: Mapping[str, Any], context: BoltContext) -> Served | None:
        """A workspace of an organisation that the app is installed in, when it sends something for the first time."""
        enterprise_id = text_of(context.enterprise_id)
        wide = tenants.wide(enterprise_id) if context.is_enterprise_install else None
        team_id = _named_with(body, enterprise_id)
        if wide is None or team_id is None:
            return None
        with self._runtime.database.everywhere() as session:
            installations.meet(session, wide, team_id)
        tenants.look()
        return tenants.served(team_id)


def team_of(body: Mapping[str, Any], named: object) -> str | None:
    """What Bolt found; of an organisation's installation Slack says in other places which of its workspaces it is."""
    if isinstance(named, str) and not named.startswith("E"):
        return named
    view, user = body.get("view"), body.get("user")
    places = (
        body.get("context_team_id"),
        body.get("team_id"),
        view.get("team_id") if isinstance(view, Mapping) else None,
        user.get("team_id") if isinstance(user, Mapping) else None,
    )
    return next((place for place in places if isinstance(place, str) and place.startswith("T")), None)


def text_of(value: object) -> str | None:
    """What should be an id and comes from outside."""
    return value if isinstance(value, str) else None


def _named_with(body: Mapping[str, Any], enterprise_id: str | None) -> str | None:
    """The workspace that Slack names together with this organisation; in a shared channel the other may be foreign."""
    for kind in ("context_", ""):
        team_id = body.get(f"{kind}team_id")
        if body.get(f"{kind}enterprise_id") == enterprise_id and isinstance(team_id, str) and team_id.startswith("T"):
            return team_id
    return None
