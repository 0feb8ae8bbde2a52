"""One installation for a whole organisation: every workspace of it that sends something is served, as itself."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select

from bot.jobs.installation import look_after_tokens
from bot.jobs.people import refresh_people
from bot.sandbox.organisation import make_organisation
from bot.services import people
from models.tables import Installation, Risk, Workspace
from tests.deliveries import caught
from tests.neighbours import everything
from tests.test_install import Newcomers, sets_up
from tests.two_towns import NORTH, SOUTH, Place

ORG = "E0ORG"
MEMBERS = tuple(replace(identity, bot_token="", enterprise_id=ORG) for identity in (NORTH, SOUTH))


@pytest.fixture
def org(database) -> Iterator[Newcomers]:
    towns = Newcomers(database, identities=MEMBERS)
    make_organisation(list(towns.sandboxes.values()))
    yield towns
    towns.close()
    for place in (towns.north, towns.south):
        assert not place.sandbox.broadcasts
        assert not place.unexpected_refusals()
        assert not place.before_acknowledging


def adds_for_all(org: Newcomers) -> str:
    return org.browser().adds(org.north.sandbox, org_wide=True).text


def installations(org: Newcomers) -> dict[str, bool]:
    """Whether each one lives."""
    with org.database.everywhere() as session:
        return {row.slack_id: row.revoked_at is None for row in session.scalars(select(Installation))}


def is_served(place: Place) -> bool:
    return place.towns.tenants.served(place.sandbox.team_id) is not None


def test_each_workspace_of_the_organisation_is_met_when_it_sends_something(org):
    assert "Stationmaster is in Example Organisation" in adds_for_all(org)
    assert installations(org) == {ORG: True}
    assert org.runtime.serves == set(), "none of them has sent anything"
    sets_up(org.north, "Bridge")
    assert (is_served(org.north), is_served(org.south)) == (True, False)
    sets_up(org.south, "Harbour")
    assert org.north.workspace_id != org.south.workspace_id
    assert "Bridge slips" in org.north.person("ULUIS").types("CLEDGER", "/pm R-1").text
    assert "Harbour slips" in org.south.person("ULUIS").types("CLEDGER", "/pm R-1").text
    with org.database.everywhere() as session:
        assert {row.enterprise_id for row in session.scalars(select(Workspace))} == {ORG}


def test_buttons_and_forms_that_leave_the_team_out_find_their_workspace(org):
    adds_for_all(org)
    sets_up(org.north, "Bridge")
    luis, kavya = org.north.person("ULUIS"), org.north.person("UKAVYA")
    kavya.types("CLEDGER", "/risk Crane breaks")
    kavya.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    pressed = caught(org.north, lambda: luis.presses(org.north.card("CLEDGER", "New Extreme"), "risk.acknowledge"))
    assert (pressed["team"], pressed["is_enterprise_install"]) == (None, True)
    luis.presses(org.north.card("CLEDGER", "New Extreme"), "risk.acknowledge")
    with org.database.read(org.north.workspace_id) as session:
        assert session.scalars(select(Risk).where(Risk.number == 2)).one().acknowledged_at is not None


def test_people_are_asked_for_workspace_by_workspace(org):
    adds_for_all(org)
    sets_up(org.north, "Bridge")
    org.timetable.run_due()
    refresh_people(org.runtime)
    [asked] = {call.args.get("team_id") for call in org.north.sandbox.calls if call.method == "users.list"}
    assert asked == "T0NORTH"


def test_an_event_that_names_no_team_in_its_authorization_finds_its_workspace(org):
    adds_for_all(org)
    sets_up(org.north, "Bridge")
    org.north.sandbox.welcome_person("UNEW", "newcomer")
    with org.database.read(org.north.workspace_id) as session:
        assert people.by_slack_id(session, "UNEW") is not None


def test_a_foreign_company_in_a_shared_channel_is_not_met_through_ours(org):
    adds_for_all(org)
    sets_up(org.north, "Bridge")
    command = caught(org.north, lambda: org.north.person("ULUIS").types("CLEDGER", "/pm R-1"))
    before = everything(org.database)
    elsewhere = {"team_id": "T0FOREIGN", "enterprise_id": "E0FOREIGN"}
    foreign = command | elsewhere | {"trigger_id": "1.1.f", "response_url": None}
    answer = org.app.dispatch(BoltRequest(mode="socket_mode", body=foreign))
    assert "not installed" in answer.body
    event = caught(org.north, lambda: org.north.person("ULUIS").invites_bot("CEMPTY"))
    shared = event | elsewhere | {"event_id": "EvForeign"}
    assert shared["context_team_id"] == "T0NORTH"
    org.app.dispatch(BoltRequest(mode="socket_mode", body=shared))
    org.settle()
    assert everything(org.database) != before, "it is ours: Slack says so in context_team_id"
    with org.database.everywhere() as session:
        assert {row.team_id for row in session.scalars(select(Workspace))} == {"T0NORTH"}


def test_a_colleague_of_another_workspace_is_no_stranger_and_another_company_is(org):
    adds_for_all(org)
    sets_up(org.north, "Bridge")
    org.south.person("ULUIS").types("CLEDGER", "/pm help")
    org.north.person("ULUIS").types("CLEDGER", "/risk Another risk")
    form = caught(
        org.north,
        lambda: org.north.person("ULUIS").submits({"probability": "4", "impact": "5", "category": "vendor"}),
    )
    foreign = form | {"user": form["user"] | {"team_id": "T0FOREIGN"}, "trigger_id": "1.1.x"}
    answer = org.app.dispatch(BoltRequest(mode="socket_mode", body=foreign)).body
    assert "Guests answer what they are asked" in answer
    colleague = form | {"user": form["user"] | {"team_id": "T0SOUTH"}, "trigger_id": "1.1.y"}
    assert org.app.dispatch(BoltRequest(mode="socket_mode", body=colleague)).body == ""
    org.settle()
    assert "Another risk" in str(org.north.person("UMAYA").reads("CLEDGER"))


def test_a_workspaces_own_installation_goes_first_and_the_organisations_stands_in_for_it(org):
    adds_for_all(org)
    sets_up(org.north, "Bridge")
    number = org.north.workspace_id
    org.browser().adds(org.north.sandbox)
    assert installations(org) == {ORG: True, "T0NORTH": True}
    assert org.north.workspace_id == number
    served = org.tenants.served("T0NORTH")
    assert served is not None
    assert not served.is_org_wide
    org.north.sandbox.consent.remove()
    served = org.tenants.served("T0NORTH")
    assert served is not None
    assert served.is_org_wide
    assert installations(org) == {ORG: True, "T0NORTH": False}
    assert "Bridge slips" in org.north.person("ULUIS").types("CLEDGER", "/pm R-1").text


def test_the_organisation_removes_the_app_from_all_but_those_with_their_own(org):
    adds_for_all(org)
    sets_up(org.north, "Bridge")
    sets_up(org.south, "Harbour")
    org.browser().adds(org.south.sandbox)
    org.north.sandbox.consent.remove("tokens_revoked", "app_uninstalled", org_wide=True)
    assert installations(org) == {ORG: False, "T0SOUTH": True}
    assert (is_served(org.north), is_served(org.south)) == (False, True)
    assert "Harbour slips" in org.south.person("ULUIS").types("CLEDGER", "/pm R-1").text
    with org.database.everywhere() as session:
        left = {row.team_id: row.erase_at is not None for row in session.scalars(select(Workspace))}
    assert left == {"T0NORTH": True, "T0SOUTH": False}
    adds_for_all(org)
    assert is_served(org.north)
    assert "Bridge slips" in org.north.person("ULUIS").types("CLEDGER", "/pm R-1").text


def test_a_workspace_that_the_organisation_takes_out_and_lets_in_again(org):
    adds_for_all(org)
    for place, name in ((org.north, "Bridge"), (org.south, "Harbour")):
        sets_up(place, name)
    org.north.sandbox.consent.change_teams("team_access_revoked", ["T0NORTH"])
    assert (is_served(org.north), is_served(org.south)) == (False, True)
    org.north.sandbox.consent.change_teams("team_access_granted", ["T0NORTH"])
    assert is_served(org.north)
    assert "Bridge slips" in org.north.person("ULUIS").types("CLEDGER", "/pm R-1").text


def test_a_removal_that_does_not_say_of_what_is_asked_after(org):
    """The organisation's installation ends, and Slack names only a workspace of it."""
    adds_for_all(org)
    sets_up(org.north, "Bridge")
    wide = org.north.sandbox.workspace.tokens.wide
    assert wide is not None
    org.north.refused.add("auth.test")
    told = org.north.sandbox.consent._told("app_uninstalled", org.north.sandbox.workspace.tokens)[1]
    org.north.deliver("events_api", told)
    look_after_tokens(org.runtime)
    assert is_served(org.north), "Slack takes its token"
    wide.end_all()
    org.north.deliver("events_api", told)
    look_after_tokens(org.runtime)
    assert installations(org) == {ORG: False}
