"""A file that is imported again, and people who are known already: nothing is doubled."""

from datetime import datetime

from models.tables import (
    Person,
    Project,
    Risk,
)
from tests.importing.office import EVERYTHING


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_second_import_changes_nothing(office, data):
    slack_ids, channel_ids = {"maya.chen": "U0MAYA"}, {"#p-101": "C0P101"}
    first = office.takes(data, slack_ids=slack_ids, channel_ids=channel_ids)
    before = office.everything()
    second = office.takes(data, slack_ids=slack_ids, channel_ids=channel_ids, now=instant("2026-04-20T08:00:00Z"))
    assert office.everything() == before
    assert second.added == dict.fromkeys(EVERYTHING, 0)
    assert second.unchanged == EVERYTHING
    assert (second.skipped, second.unmatched_people) == (first.skipped, first.unmatched_people)


def test_a_file_with_one_more_risk_adds_exactly_that(office, data):
    office.takes(data)
    before = office.everything()
    data["risks"].append(data["risks"][0] | {"id": "R-042", "title": "Scheme certificate expires"})
    data["risks"][3]["title"] = "Renamed at the source"
    summary = office.takes(data)
    after = office.everything()
    assert summary.added == dict.fromkeys(EVERYTHING, 0) | {"risks": 1}
    added = {name: len(after[name]) - len(before[name]) for name in after if len(after[name]) != len(before[name])}
    assert added == {"risk": 1, "history": 4}
    assert after["risk"][:-1] == before["risk"]
    assert office.one(Risk, external_id="R-042").number == 42


def test_a_person_whom_slack_told_us_of_is_not_doubled(office, data):
    met = office.adds(Person(slack_id="U0LUIS", handle="Luis O.", tz="America/Chicago"))
    named_so = office.adds(Person(slack_id="U0TOM", handle="tom.becker"))
    summary = office.takes(data, slack_ids={"luis.ortega": "U0LUIS", "maya.chen": "U0MAYA"})
    assert summary.added["people"] == 22
    assert len(summary.unmatched_people) == 21
    assert not {"luis.ortega", "maya.chen", "tom.becker"} & set(summary.unmatched_people)
    luis, tom = office.one(Person, id=met), office.one(Person, id=named_so)
    assert (luis.handle, luis.tz) == ("Luis O.", "America/Chicago")
    assert tom.tz == "America/New_York"
    assert office.one(Project, external_id="P-101").owner_id == met
    assert office.one(Person, slack_id="U0MAYA").handle == "maya.chen"


def test_a_person_found_later_gets_their_slack_id(office, data):
    office.takes(data)
    summary = office.takes(data, slack_ids={"maya.chen": "U0MAYA"})
    assert office.one(Person, handle="maya.chen").slack_id == "U0MAYA"
    assert "maya.chen" not in summary.unmatched_people
    assert len(office.all(Person)) == 24


def test_a_handle_that_somebody_else_has_in_slack_stays_theirs(office, data):
    namesake = office.adds(Person(slack_id="UOTHER", handle="maya.chen"))
    for _ in range(2):
        office.takes(data, slack_ids={"maya.chen": "U0MAYA"})
    assert office.one(Person, id=namesake).slack_id == "UOTHER"
    assert office.one(Person, slack_id="U0MAYA").handle == "maya.chen (U0MAYA)"
