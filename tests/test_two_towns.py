"""Two workspaces with the same ids of people and channels: each has its own, and neither hears of the other's."""

from collections.abc import Iterator

import pytest

from bot.database import Database
from models.tables import Project, Risk
from tests.two_towns import Place, TwoTowns


@pytest.fixture
def towns(database: Database) -> Iterator[TwoTowns]:
    """Nothing that either workspace refuses, and nobody shouted at."""
    towns = TwoTowns(database)
    yield towns
    for place in (towns.north, towns.south):
        assert not place.sandbox.broadcasts
        assert not place.unexpected_refusals()
        assert not place.before_acknowledging


def logs_risk(place: Place, title: str) -> str:
    luis = place.person("ULUIS")
    luis.types("CLEDGER", f"/risk {title}")
    luis.submits({"probability": "4", "impact": "5", "category": "vendor"})
    assert luis.form_errors == {}
    return str(place.card("CLEDGER", "New Extreme risk R-1")["text"])


def test_each_workspace_has_its_own_project_in_the_channel_of_the_same_id(towns):
    for place, name in ((towns.north, "Ledger Migration"), (towns.south, "Harbour Works")):
        place.set_up_program()
        place.set_up_project(name=name)
    assert "Bridge closes" in logs_risk(towns.north, "Bridge closes")
    assert "Crane breaks" in logs_risk(towns.south, "Crane breaks")
    for place, own, other in ((towns.north, "Bridge", "Crane"), (towns.south, "Crane", "Bridge")):
        seen = str([place.person(user).reads("CLEDGER") for user in ("UMAYA", "ULUIS")])
        assert own in seen
        assert other not in seen
        with towns.database.read(place.workspace_id) as session:
            assert session.query(Risk).count() == session.query(Project).count() == 1


def test_messages_leave_with_the_token_of_their_own_workspace(towns):
    towns.north.set_up_project(name="Ledger Migration")
    before = len(towns.south.sandbox.calls)
    logs_risk(towns.north, "Bridge closes")
    assert [call.method for call in towns.south.sandbox.calls[before:]] == []


def test_what_one_sends_is_not_another_delivery_of_what_the_other_sent(towns):
    """Trigger ids, views and events count from the same start in both."""
    for place in (towns.north, towns.south):
        place.set_up_project()
        assert place.person("ULUIS").types("CLEDGER", "/pm help").text
