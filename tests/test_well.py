"""How well asking works: exact figures of asks, shown to who runs a program, and monthly in their hours."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from bot.domain.answering import Asked, by_kind, working_time
from bot.domain.wall_time import WorkingHours
from models.schemas.home import AskKind
from models.tables import Ask, Person, Program, Project
from models.tables.unit import add_row
from tests.town import Town

NEW_YORK = WorkingHours("America/New_York")
THURSDAY = datetime(2026, 3, 26, 14, tzinfo=UTC)
"""10:00 in New York."""


def test_time_is_counted_in_the_hours_of_who_was_asked():
    """Thursday 10:00 to 18:00, all of Friday's 9 hours, and Monday 09:00 to 10:30: 18.5 hours."""
    monday = datetime(2026, 3, 30, 14, 30, tzinfo=UTC)
    assert working_time(THURSDAY, monday, NEW_YORK) == timedelta(hours=18, minutes=30)


def test_time_over_a_change_of_the_clocks_and_a_holiday():
    """Berlin, Thu 2 April 16:00 to Tue 7 April 10:00 with Good Friday and Easter Monday off: 2 and 1 hours."""
    berlin = WorkingHours("Europe/Berlin", holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
    start, end = datetime(2026, 4, 2, 14, tzinfo=UTC), datetime(2026, 4, 7, 8, tzinfo=UTC)
    assert working_time(start, end, berlin) == timedelta(hours=3)


def test_what_was_answered_out_of_hours_took_no_working_time():
    evening = datetime(2026, 3, 26, 23, tzinfo=UTC)
    assert working_time(evening, evening + timedelta(hours=2), NEW_YORK) == timedelta()


def asked(minutes: int | None, *, nudge: int = 0, kind: AskKind = AskKind.REVIEW_RISK) -> Asked:
    answered = THURSDAY + timedelta(minutes=minutes) if minutes is not None else None
    return Asked(kind, THURSDAY, answered, nudge, NEW_YORK)


def test_a_median_of_four_answers_is_not_said():
    [figures] = by_kind(asked(minutes) for minutes in (10, 20, 30, 40))
    assert (figures.sent, figures.answered, figures.median_hours) == (4, 4, None)


def test_the_median_is_exact():
    [figures] = by_kind(asked(minutes) for minutes in (10, 20, 30, 50, 60, 70))
    assert figures.median_hours == Fraction(2, 3)


def test_ignored_is_what_was_reminded_of_after_it_was_due_and_never_answered():
    [figures] = by_kind([asked(None, nudge=1), asked(None, nudge=2), asked(None, nudge=3), asked(10, nudge=3)])
    assert (figures.sent, figures.answered, figures.ignored) == (4, 1, 2)


def remember(town: Town, number: int, *, answered: bool, kind: AskKind = AskKind.REVIEW_RISK, nudge: int = 3) -> None:
    with town.database.write(1) as session:
        luis = session.scalars(select(Person.id).where(Person.handle == "luis")).one()
        program = session.scalars(select(Program.id)).one()
        project = session.scalars(select(Project.id).where(Project.channel == "CLEDGER")).one()
        at = datetime(2026, 3, 10, 14, tzinfo=UTC)
        given: dict[str, Any] = {"answered_at": at + timedelta(hours=2), "state": "answered"} if answered else {}
        extra = {"base_key": f"k{number}", "subject": f"R-{number}"} if "base_key" in Ask.__table__.c else {}
        add_row(
            session,
            Ask,
            key=f"k{number}",
            kind=kind.value,
            record_id=number,
            program_id=program,
            project_id=project,
            person_id=luis,
            asked_id=luis,
            nudge=nudge,
            first_asked_at=at,
            asked_on=date(2026, 3, 10),
            **extra,
            **given,
        )


def test_who_runs_the_program_sees_what_is_answered_and_what_is_ignored(town):
    for number in range(8):
        remember(town, number, answered=number < 6)
    said = town.person("UMAYA").types("CPROG", "/pm asks").shown[-1]
    assert said["text"] == "Payments Renewal: 6 of 8 asks answered, since Mon 2 Mar. Only you see this."
    texts = [block["text"]["text"] for block in said["blocks"] if block["type"] == "section"]
    assert texts[1].split("\n") == [
        "*By kind*",
        "• Risk reviews: 6 of 8 answered, median 2.0 working hours, 2 ignored",
    ]
    assert texts[2].split("\n") == ["*Ignored most*", "• Risk reviews of Ledger Migration: 2 of 8"]
    assert "luis" not in str(said["blocks"])


def test_nobody_else_sees_it(town):
    remember(town, 1, answered=True)
    assert "You cannot" in town.person("UKAVYA").types("CPROG", "/pm asks").text


def test_with_nothing_asked_it_says_so(town):
    assert "Nothing was asked in Payments Renewal" in town.person("UMAYA").types("CPROG", "/pm asks").text


def monthly(town: Town, user: str = "UMAYA") -> list[dict[str, Any]]:
    said = town.person(user).direct_messages()
    return [each for each in said if str(each.get("metadata", {})).find("well:") > 0]


def test_its_manager_hears_of_the_month_on_their_first_working_day_of_the_next(town):
    """Wed 1 April, 10:00 in New York; nothing again before May."""
    for number in range(8):
        remember(town, number, answered=number < 6)
    town.play(datetime(2026, 4, 1, 13, 59, tzinfo=UTC))
    assert monthly(town) == []
    town.play(datetime(2026, 4, 1, 14, 1, tzinfo=UTC))
    [told] = monthly(town)
    assert told["text"] == "Payments Renewal: 6 of 8 asks answered, in March. Only you see this."
    town.play(datetime(2026, 4, 8, 14, tzinfo=UTC))
    assert len(monthly(town)) == 1


def test_of_a_month_without_asks_nobody_hears(town):
    town.play(datetime(2026, 4, 1, 20, tzinfo=UTC))
    assert monthly(town) == []


def test_while_the_program_is_paused_nobody_hears_of_it_and_not_later_either(town):
    remember(town, 1, answered=True)
    town.person("UMAYA").types("CPROG", "/pm pause")
    town.play(datetime(2026, 4, 1, 20, tzinfo=UTC))
    town.person("UMAYA").types("CPROG", "/pm resume")
    town.play(datetime(2026, 4, 2, 20, tzinfo=UTC))
    assert monthly(town) == []
