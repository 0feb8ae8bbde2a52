"""A project rests: its asks pause and go on, one request is waived, and it is held, completed, ended and reopened."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.schemas.project import State
from models.tables import History, Occurrence, Project, ScheduleRule
from tests.asking import FRIDAY, THURSDAY, post_status, requests, sqlite_only, states, times_asked


def rule(town) -> ScheduleRule:
    with town.database.read(1) as session:
        return session.scalars(select(ScheduleRule).where(ScheduleRule.project_id.is_not(None))).one()


def project(town) -> Project:
    with town.database.read(1) as session:
        return session.scalars(select(Project)).one()


def history(town, field: str) -> list[tuple[object, object, str | None]]:
    with town.database.read(1) as session:
        rows = session.scalars(select(History).where(History.kind == "project", History.field == field))
        return [(row.old, row.new, row.reason) for row in rows.all()]


def change_state(town, user: str, state: str, **values: str) -> dict[str, str]:
    person = town.person(user)
    person.types("CLEDGER", "/pm state")
    if state:
        person.fills({"state": state})
    person.submits(values)
    return person.form_errors


def test_a_pause_asks_nobody_until_its_day(town):
    maya = town.person("UMAYA")
    reply = maya.types("CLEDGER", "/pm pause until 17 Apr the vendor is away")
    assert reply.text == "Ledger Migration is not asked for its status before Fri 17 Apr."
    assert "Why: the vendor is away." in str(reply.shown[-1]["blocks"])
    town.play(THURSDAY + timedelta(days=21, hours=1))
    assert times_asked(town, "ULUIS") == ["Thu 23 Apr 10:00"]
    assert [(r.local_date, r.state) for r in requests(town)] == [(date(2026, 4, 23), "open")]
    assert history(town, "asks_paused_until") == [(None, "2026-04-17", "the vendor is away")]


def test_a_pause_over_a_due_date_waives_what_waits(town):
    town.play(THURSDAY + timedelta(hours=2))
    maya = town.person("UMAYA")
    maya.types("CLEDGER", "/pm pause until 10 Apr the vendor is away")
    town.play(THURSDAY + timedelta(days=15))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00", "Thu 16 Apr 10:00"]
    assert states(town) == ["waived", "open"]
    assert requests(town)[0].waived_reason == "Paused: the vendor is away"


@sqlite_only
def test_what_is_overdue_is_not_waived_by_a_pause_and_ends_in_its_own_week(town):
    town.play(FRIDAY + timedelta(hours=7))
    town.person("UMAYA").types("CLEDGER", "/pm pause until 24 Apr the vendor is away")
    town.play(THURSDAY + timedelta(days=7, hours=1))
    assert states(town) == ["missed"]


def test_a_pause_that_is_taken_back_asks_from_the_next_date_on(town):
    maya = town.person("UMAYA")
    reply = maya.types("CLEDGER", "/pm pause until 24 Apr the vendor is away")
    town.play(THURSDAY + timedelta(days=1))
    maya.presses(reply.shown[-1], "rest.resume")
    town.settle()
    assert rule(town).paused_until is None
    assert rule(town).next_local_date == date(2026, 4, 9)
    assert maya.types("CLEDGER", "/pm resume").text.startswith("Ledger Migration is not paused.")
    town.play(THURSDAY + timedelta(days=8))
    assert times_asked(town, "ULUIS") == ["Thu 09 Apr 10:00"]


@sqlite_only
def test_who_resumes_in_the_week_that_was_waived_is_not_asked_twice_for_it(town):
    town.play(THURSDAY + timedelta(minutes=5))
    maya = town.person("UMAYA")
    maya.types("CLEDGER", "/pm pause until 24 Apr the vendor is away")
    maya.types("CLEDGER", "/pm resume")
    town.play(THURSDAY + timedelta(days=6))
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00"]
    assert states(town) == ["waived"]


@sqlite_only
@pytest.mark.parametrize("typed", ["", "until 17 Apr", "until 17 Apr no", "until yesterday the vendor is away"])
def test_a_pause_without_all_of_it_has_a_form(town, typed):
    if "yesterday" in typed:
        typed = "until today the vendor is away"
    maya = town.person("UMAYA")
    maya.types("CLEDGER", f"/pm pause {typed}")
    assert maya.modal["title"]["text"] == "Pause asks"
    maya.submits({"until": "2026-03-30", "reason": "the vendor <!channel> & co is away"})
    assert maya.form_errors == {"until": "Choose a day after Mon 30 Mar 2026."}
    maya.submits({"until": "2026-04-17"})
    assert maya.form_errors == {}
    [receipt] = [m for m in maya.reads("CLEDGER") if "is not asked" in m["text"]]
    assert "the vendor &lt;!channel&gt; &amp; co is away" in str(receipt["blocks"])
    assert rule(town).paused_until == date(2026, 4, 17)


@sqlite_only
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("until soon", "Say the day from which it is asked again, as /pm pause until 3 May."),
        ("until 31 Feb", "I do not know the date"),
        ("until 03/04/2026 the vendor", "I do not know the date"),
    ],
)
def test_a_day_that_is_none_is_asked_for_again(town, typed, told):
    assert told in town.person("UMAYA").types("CLEDGER", f"/pm pause {typed}").text
    assert rule(town).paused_until is None


@pytest.mark.parametrize("word", ["pause until 17 Apr because of reasons", "waive", "resume"])
def test_who_may_not_is_told_who_may(town, word):
    """An owner cannot opt out of what an owner owes."""
    for user in ("ULUIS", "UJONAS"):
        reply = town.person(user).types("CLEDGER", f"/pm {word}")
        assert reply.text.startswith("You cannot")
        assert "maya" in str(reply.shown[-1]["blocks"])
    assert rule(town).paused_until is None


def test_one_request_is_waived_with_a_reason(town):
    town.play(THURSDAY + timedelta(hours=1))
    maya = town.person("UMAYA")
    maya.types("CLEDGER", "/pm waive all at the offsite")
    assert "Ledger Migration" in str(maya.modal["blocks"])
    maya.submits()
    assert maya.form_errors == {}
    town.play(THURSDAY + timedelta(days=7, hours=1))
    assert states(town) == ["waived", "open"]
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00", "Thu 09 Apr 10:00"]
    assert history(town, "request") == [("2026-W14", "waived", "all at the offsite")]
    assert [m for m in maya.reads("CLEDGER") if "for week 14 is waived" in m["text"]]


def test_the_next_request_is_waived_where_none_waits(town):
    maya = town.person("UMAYA")
    maya.types("CPROG", "/pm waive")
    maya.submits({"reason": "no"}, force=True)
    assert maya.form_errors == {"reason": "Say why in 5 to 500 characters."}
    maya.submits({"reason": "all at the offsite"})
    assert maya.form_errors == {}
    assert states(town) == ["waived"]
    town.play(THURSDAY + timedelta(days=7, hours=1))
    assert states(town) == ["waived", "open"]
    assert times_asked(town, "ULUIS") == ["Thu 09 Apr 10:00"]


@sqlite_only
def test_an_overdue_request_is_not_waived_the_next_one_is(town):
    town.play(FRIDAY + timedelta(hours=7))
    maya = town.person("UMAYA")
    maya.types("CLEDGER", "/pm waive all at the offsite")
    maya.submits()
    assert [(r.period, r.state) for r in requests(town)] == [("2026-W14", "overdue"), ("2026-W15", "waived")]
    post_status(town)
    assert states(town) == ["submitted_late", "waived"]
    town.play(THURSDAY + timedelta(days=14, hours=1))
    assert states(town) == ["submitted_late", "waived", "open"]


def test_a_hold_needs_a_reason_and_a_day_and_waives_what_is_due_after_it_began(town):
    town.play(THURSDAY + timedelta(hours=1))
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm state")
    assert "*Ledger Migration* is active." in str(luis.modal["blocks"])
    luis.fills({"state": "on_hold"})
    assert [b["block_id"] for b in luis.modal["blocks"] if "element" in b] == ["state", "reason", "review_on"]
    luis.submits({"review_on": "2026-04-02", "reason": "Waits for the contract"})
    assert luis.form_errors == {"review_on": "Choose a day after Thu 2 Apr 2026."}
    luis.submits({"review_on": "2026-05-12"})
    assert luis.form_errors == {}

    held = project(town)
    assert (held.state, held.on_hold_since) == (State.ON_HOLD, date(2026, 4, 2))
    assert (held.hold_reason, held.hold_review_on) == ("Waits for the contract", date(2026, 5, 12))
    assert history(town, "state") == [("active", "on_hold", "Waits for the contract")]
    post = town.card("CLEDGER", "Ledger Migration is on hold now")
    assert "looked at again Tue 12 May" in str(post["blocks"])
    town.play(THURSDAY + timedelta(days=15))
    assert states(town) == ["waived"]
    assert times_asked(town, "ULUIS") == ["Thu 02 Apr 10:00"]

    luis.types("CLEDGER", "/pm resume")
    luis.submits()
    assert project(town).state == State.ACTIVE
    assert project(town).on_hold_since is None
    town.play(THURSDAY + timedelta(days=22))
    assert times_asked(town, "ULUIS")[1:] == ["Thu 23 Apr 10:00"]


@sqlite_only
def test_a_completion_counts_from_the_end_of_its_day(town):
    """Domain 4.1: what is due on that day is still asked for, what is due after it is waived."""
    town.play(FRIDAY)
    assert change_state(town, "ULUIS", "completed") == {}
    assert project(town).completed_on == date(2026, 4, 3)
    town.play(FRIDAY + timedelta(hours=12))
    assert states(town) == ["overdue"]
    town.play(FRIDAY + timedelta(days=14))
    assert states(town) == ["missed"]


@sqlite_only
def test_who_completes_it_before_the_due_day_is_asked_no_more(town):
    town.play(THURSDAY + timedelta(hours=1))
    assert change_state(town, "ULUIS", "completed") == {}
    town.play(FRIDAY + timedelta(hours=12))
    assert states(town) == ["waived"]


def test_only_the_manager_ends_a_project_and_takes_an_end_back(town):
    luis, maya = town.person("ULUIS"), town.person("UMAYA")
    luis.types("CLEDGER", "/pm state")
    luis.fills({"state": "cancelled"})
    luis.submits({"reason": "No budget any more"})
    assert project(town).state == State.ACTIVE
    assert change_state(town, "UMAYA", "cancelled", reason="No budget any more") == {}
    assert project(town).state == State.CANCELLED
    town.play(THURSDAY + timedelta(days=8))
    assert states(town) == []

    maya.types("CLEDGER", "/pm state")
    options = next(b for b in maya.modal["blocks"] if b.get("block_id") == "state")["element"]["options"]
    assert [option["value"] for option in options] == ["active"]
    maya.fills({"state": "active"})
    maya.submits(force=True)
    assert maya.form_errors
    maya.submits({"reason": "The budget is back"})
    assert project(town).state == State.ACTIVE


@sqlite_only
def test_two_who_change_the_state_at_once(town):
    luis, maya = town.person("ULUIS"), town.person("UMAYA")
    luis.types("CLEDGER", "/pm state")
    luis.fills({"state": "completed"})
    assert change_state(town, "UMAYA", "completed") == {}
    luis.submits()
    assert "already complete" in str(luis.form_errors) + str(luis.modal) + str(luis.reads("CLEDGER"))
    assert len(history(town, "state")) == 1
    assert maya.form_errors == {}


@sqlite_only
def test_from_a_program_one_is_asked_which(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    maya = town.person("UMAYA")
    maya.types("CPROG", "/pm state")
    maya.fills({"state": "on_hold"})
    assert [b["block_id"] for b in maya.modal["blocks"] if "element" in b] == [
        "project",
        "state",
        "reason",
        "review_on",
    ]
    maya.submits({"reason": "Waits for the contract", "review_on": "2026-05-12"}, force=True)
    assert maya.form_errors == {"project": "Choose the project."}
    fraud = next(
        option["value"]
        for option in maya.modal["blocks"][0]["element"]["options"]
        if option["text"]["text"] == "Fraud Signals"
    )
    maya.submits({"project": fraud})
    assert maya.form_errors == {}
    with town.database.read(1) as session:
        assert dict(session.execute(select(Project.name, Project.state)).all()) == {
            "Ledger Migration": "active",
            "Fraud Signals": "on_hold",
        }


@sqlite_only
def test_who_owns_nothing_here_is_told_so(town):
    reply = town.person("UJONAS").types("CPROG", "/pm state")
    assert "There is no project here of which you may do this." in reply.text


@sqlite_only
def test_a_program_that_is_paused_or_a_project_that_waits_is_not_in_each_others_way(town):
    reply = town.person("UMAYA").types("CPROG", "/pm pause until 14 Apr release freeze")
    assert "Nothing is sent for Payments Renewal" in str(reply)
    assert rule(town).paused_until is None
    assert town.count(Occurrence) == 0
