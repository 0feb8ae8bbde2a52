"""`/pm override`: a program's health set by hand, with a reason, for a while, better by its sponsor alone."""

from datetime import timedelta

import pytest

from models.schemas.status import Health
from models.tables import HealthOverride
from tests.asking import post_status, sqlite_only
from tests.test_rollup import MONDAY_6_APRIL, RED, lines, rollups

REASON = "The regulator moved the meeting <!channel> forward"


def override(town, user, **values):
    person = town.person(user)
    person.types("CPROG", "/pm override")
    person.submits({"reason": REASON, "until": "2026-04-07", **values}, force=True)
    return person.form_errors


def test_it_stands_beside_what_the_projects_add_up_to_until_it_ends(town):
    post_status(town)
    assert override(town, "UMAYA", health="red") == {}
    assert "set by hand" in town.person("UMAYA").reads("CPROG")[-1]["text"]
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    [post] = rollups(town)
    verdict = lines(post)[1]
    assert verdict.startswith(":large_red_square: *Red*")
    assert "\nSet by hand until Tue 7 Apr, added up Green. maya: _The regulator moved the meeting" in verdict
    assert "&lt;!channel&gt;" in verdict
    town.play(MONDAY_6_APRIL + timedelta(days=7, minutes=1))
    later = lines(rollups(town)[-1])[1]
    assert "Set by hand" not in later


@sqlite_only
@pytest.mark.parametrize(
    ("user", "values", "field"),
    [
        ("UMAYA", {"health": "red", "reason": "too short a one"}, "reason"),
        ("UMAYA", {"health": "red", "reason": ""}, "reason"),
        ("UMAYA", {"health": "red", "until": "2026-03-30"}, "until"),
        ("UMAYA", {"health": "red", "until": "2026-04-14"}, "until"),
        ("UMAYA", {"health": "green"}, "health"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(town, user, values, field):
    post_status(town, "ULUIS", "CLEDGER", **RED)
    assert list(override(town, user, **values)) == [field]
    assert town.count(HealthOverride) == 0


def test_the_sponsor_may_set_a_better_one_and_take_it_back(town):
    post_status(town, "ULUIS", "CLEDGER", **RED)
    assert override(town, "UDANA", health="amber", until="2026-04-13") == {}
    assert town.count(HealthOverride, health=Health.AMBER.value) == 1
    dana = town.person("UDANA")
    dana.types("CPROG", "/pm override")
    assert "Set to Amber until Mon 13 Apr" in str(dana.modal)
    dana.submits({"health": "by_itself"})
    assert dana.form_errors == {}
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    assert "Set by hand" not in lines(rollups(town)[0])[1]


@sqlite_only
def test_nobody_else_may(town):
    for user in ("ULUIS", "UKAVYA", "UGUEST"):
        assert town.person(user).types("CPROG", "/pm override").text.startswith("You cannot set the health of")


def test_a_post_that_stands_is_edited(town):
    post_status(town)
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    assert override(town, "UMAYA", health="red", until="2026-04-10") == {}
    [post] = rollups(town)
    assert lines(post)[1].startswith(":large_red_square: *Red*")
