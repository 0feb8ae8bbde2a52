"""Everything can be seen before it happens: what a preview lists is what is posted, at the same instants."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.notices import asks
from bot.services import escalation_subjects, foresight, people
from models.schemas.escalation import Level
from models.schemas.foresight import Coming, ComingKind
from models.schemas.home import AskKind
from models.tables import (
    Absence,
    Ask,
    Assumption,
    Calendar,
    CheckinAnswer,
    Decision,
    Escalation,
    History,
    Occurrence,
    Program,
    Project,
    Risk,
)
from models.tables.unit import add_row
from tests.asking import key_of, sqlite_only
from tests.checking_in import set_up
from tests.desk import TODAY, add_assumption, add_decision, add_risk, person
from tests.town import CAST, Town

FORTNIGHT, WEEK = timedelta(days=14), timedelta(days=7)


@pytest.fixture
def busy(town: Town) -> Town:
    """Four owners in four zones, holidays, an absence with a delegate, records of several kinds that fall due."""
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    for user, channel, name in (("UJONAS", "CBERLIN", "EU Data Store"), ("URUBY", "CSYDNEY", "Southern Desk")):
        town.sandbox.add_channel(channel, name.lower().replace(" ", "-"), [*CAST, town.sandbox.bot_user_id])
        town.set_up_project(user, channel, name)
    with town.database.write(1) as session:
        who = {handle: person(session, handle) for handle in ("luis", "kavya", "jonas", "ruby", "maya", "dana")}
        program = session.scalars(select(Program.id)).one()
        places = {row.owner_id: row.id for row in session.scalars(select(Project))}
        add_row(session, Calendar, person_id=who["jonas"], name="de", country="DE", working_days=[1, 2, 3, 4, 5])
        add_row(session, Calendar, person_id=who["kavya"], name="in", working_days=[1, 2, 3, 4, 5], start="09:30")
        away = {"start_on": date(2026, 4, 7), "end_on": date(2026, 4, 9), "created_at": town.clock.now()}
        add_row(session, Absence, person_id=who["luis"], delegate_id=who["jonas"], **away)
        off = {"start_on": date(2026, 4, 2), "end_on": date(2026, 4, 3), "created_at": town.clock.now()}
        add_row(session, Absence, person_id=who["ruby"], **off)
        for number, (handle, days) in enumerate(
            (("luis", 1), ("luis", 8), ("kavya", 2), ("jonas", 4), ("ruby", 3), ("maya", 0), ("maya", 7)), start=1
        ):
            owner = who[handle]
            due = TODAY + timedelta(days=days)
            place = {"program_id": program, "project_id": places.get(owner)}
            add_risk(session, number, owner=owner, score=(5, 5), next_review_on=due, **place)
        here = {"program_id": program, "project_id": places[who["luis"]]}
        new = {"acknowledged_at": None, "acknowledge_by": datetime(2026, 3, 31, 20, tzinfo=UTC)}
        raised = datetime(2026, 3, 30, 13, tzinfo=UTC)
        add_risk(session, 20, owner=who["kavya"], state="identified", raised_at=raised, **new, **here)
        add_decision(session, 1, approver=who["dana"], driver=who["luis"], due_on=date(2026, 4, 8), **here)
        add_assumption(session, 1, owner=who["jonas"], validate_by=date(2026, 4, 1), **here)
    town.settle()
    return town


@pytest.fixture
def talking(busy: Town) -> Town:
    """Besides, two teams that check in: at half past nine of each one's own, and at one common hour."""
    set_up(busy, people=["ULUIS", "UKAVYA", "UJONAS", "URUBY"], days=["mon", "tue", "wed", "thu", "fri"])
    set_up(busy, "UJONAS", "CBERLIN", people=["UJONAS", "UDANA"], days=["mon", "thu"], at="15:00", zone="Europe/Berlin")
    busy.settle()
    return busy


def listed(town: Town, days: int = 14) -> list[Coming]:
    with town.database.read(1) as session:
        until = town.clock.now() + timedelta(days=days)
        return foresight.coming(session, None, until=until, now=town.clock.now())


def messages(found: list[Coming], *, sure: bool) -> list[tuple[str, datetime]]:
    """Who gets a daily message and when: if nobody answers, or if everybody answers at once."""
    lines = [each for each in found if each.ask is not None]
    if sure:
        return sorted({(each.person.handle, each.answered_at) for each in lines if each.answered_at})
    return sorted({(each.person.handle, each.at) for each in lines})


def posted(town: Town, since: datetime) -> list[tuple[str, datetime]]:
    handle = {town.person(user).dm: name for user, (name, _) in CAST.items()}
    return sorted(
        (handle[call.args["channel"]], call.at.replace(microsecond=0))
        for call in town.sandbox.calls
        if call.method == "chat.postMessage" and key_of(call.args).startswith("asks:") and call.at >= since
        if not call.args["text"].startswith("Welcome back")  # it asks nothing, and is not foreseen: what is answered
    )


def close(first: list[tuple[str, datetime]], second: list[tuple[str, datetime]]) -> bool:
    """The same, give or take the seconds that a delivery takes."""
    return len(first) == len(second) and all(
        one[0] == other[0] and abs(one[1] - other[1]) < timedelta(seconds=30)
        for one, other in zip(first, second, strict=True)
    )


def test_with_nobody_answering_what_is_posted_is_what_was_listed(busy):
    start = busy.clock.now()
    before = messages(listed(busy), sure=False)
    climbs, rollups = steps(listed(busy)), channel_posts(listed(busy), ComingKind.ROLLUP)
    busy.play(start + FORTNIGHT)
    after = posted(busy, start)
    assert close(before, after), differences(before, after)
    assert climbed(busy) == climbs
    assert posted_in_channels(busy, "rollup:", start) == rollups


@sqlite_only
def test_with_everybody_answering_at_once_it_is_what_needs_no_silence(busy):
    start = busy.clock.now()
    before = messages(listed(busy), sure=True)
    busy.timetable.play(busy.clock, start + FORTNIGHT, on_step=lambda now: answer_everything(busy, now))
    after = posted(busy, start)
    assert close(before, after), differences(before, after)


def steps(found: list[Coming]) -> list[tuple[str, str, str, int]]:
    """When, by which rule, of what, and how far up."""
    return sorted(
        (f"{each.at:%d %H:%M}", str(each.rule), each.subject, int(each.level or 0))
        for each in found
        if each.kind is ComingKind.ESCALATION
    )


def climbed(town: Town) -> list[tuple[str, str, str, int]]:
    """The same as it happened."""
    found = []
    with town.database.read(1) as session:
        rows = {row.id: row for row in session.scalars(select(Escalation))}
        names = escalation_subjects.find(session, {(row.kind, row.record_id) for row in rows.values()})
        kept = session.scalars(select(History).where(History.kind == "escalation").order_by(History.id)).all()
    for row in rows.values():
        acts = [act for act in kept if act.record_id == row.id]
        levels = [act for act in acts if act.field == "level"]
        level = levels[0].old if levels else row.level
        subject = names[row.kind, row.record_id]
        for act in acts:
            level = act.new if act.field == "level" else level
            if act.field in ("", "level", "state") and level != Level.OWNER:
                found.append((f"{act.at:%d %H:%M}", row.rule, subject.ref or subject.title, level))
    return sorted(found)


def channel_posts(found: list[Coming], kind: ComingKind) -> list[str]:
    return sorted(f"{each.channel} {each.at:%d %H:%M}" for each in found if each.kind is kind and not each.ask)


def posted_in_channels(town: Town, key: str, since: datetime) -> list[str]:
    calls = [call for call in town.sandbox.calls if call.method == "chat.postMessage" and call.at >= since]
    heads = [call for call in calls if key_of(call.args).startswith(key) and not call.args.get("thread_ts")]
    return sorted(f"{call.args['channel']} {call.at:%d %H:%M}" for call in heads)


def differences(before: list[Any], after: list[Any]) -> str:
    short = [{(name, f"{at:%d %H:%M}") for name, at in each} for each in (before, after)]
    return f"\nlisted, not posted: {sorted(short[0] - short[1])}\nposted, not listed: {sorted(short[1] - short[0])}"


def test_check_ins_join_the_messages_and_stand_in_their_channels(talking):
    start = talking.clock.now()
    before, rounds = messages(listed(talking), sure=False), channel_posts(listed(talking), ComingKind.CHECK_IN)
    talking.play(start + FORTNIGHT)
    after = posted(talking, start)
    assert close(before, after), differences(before, after)
    assert posted_in_channels(talking, "checkin.round:", start) == rounds


@sqlite_only
def test_check_ins_that_are_answered_at_once_come_as_listed_too(talking):
    start = talking.clock.now()
    before = messages(listed(talking, 7), sure=True)
    talking.timetable.play(talking.clock, start + WEEK, on_step=lambda now: answer_everything(talking, now))
    after = posted(talking, start)
    assert close(before, after), differences(before, after)


FAR = date(2026, 12, 1)
ANSWERS: dict[str, Any] = {
    AskKind.REVIEW_RISK: update(Risk).values(next_review_on=FAR),
    AskKind.READ_RISK: update(Risk).values(acknowledged_at=datetime(2026, 3, 30, tzinfo=UTC), next_review_on=FAR),
    AskKind.DECIDE: update(Decision).values(status="accepted", outcome_review_on=FAR),
    AskKind.SETTLE: update(Assumption).values(status="confirmed"),
    AskKind.STATUS: update(Occurrence).values(state="submitted", next_step_at=None),
    AskKind.CHECK_IN: update(CheckinAnswer).values(state="answered"),
}


def answer_everything(town: Town, now: datetime) -> None:
    """Whatever was asked so far is answered by the one who was asked."""
    with town.database.write(1) as session:
        waiting = select(Ask.kind, Ask.record_id, Ask.asked_id).where(Ask.state == "open")
        for kind, record_id, asked_id in session.execute(waiting).all():
            answer = ANSWERS[kind].where(ANSWERS[kind].table.c.id == record_id)
            session.execute(answer, execution_options={"synchronize_session": False})
            by = people.cards(session, [asked_id])[asked_id]
            asks.settled(session, AskKind(kind), record_id, by=by, now=now, effect="answered")


def said_to(town: Town, since: datetime) -> set[str]:
    """Channels in which anything was posted by itself."""
    return {
        call.args["channel"]
        for call in town.sandbox.calls
        if call.method in ("chat.postMessage", "chat.postEphemeral") and call.at >= since
    }


@sqlite_only
def test_under_a_dry_run_all_of_a_week_reaches_one_person_alone(talking):
    maya = talking.person("UMAYA")
    maya.presses(maya.types("CPROG", "/pm switches").shown[-1], "switches.dry_run_on")
    talking.settle()
    start = talking.clock.now()
    before = messages(listed(talking, 7), sure=False)
    talking.play(start + WEEK)
    assert said_to(talking, start) == {maya.dm}
    after = posted(talking, start)
    assert close(before, after), differences(before, after)


@sqlite_only
def test_while_paused_nothing_of_a_week_reaches_anybody(talking):
    talking.person("UMAYA").types("CPROG", "/pm pause")
    talking.settle()
    start = talking.clock.now()
    talking.play(start + WEEK)
    assert said_to(talking, start) == set()
    assert listed(talking) == []


@sqlite_only
def test_after_a_pause_nothing_old_is_poured_out(talking):
    """Each person gets what is due now in one message; threads begin at their foot, a few a day; one rollup."""
    talking.person("UMAYA").types("CPROG", "/pm pause")
    talking.play(talking.clock.now() + timedelta(days=8))
    talking.person("UMAYA").types("CPROG", "/pm resume")
    talking.settle()
    start = talking.clock.now()
    before, climbs = messages(listed(talking, 3), sure=False), steps(listed(talking, 3))
    talking.play(start + timedelta(days=3))
    after = posted(talking, start)
    assert close(before, after), differences(before, after)
    assert climbed(talking) == climbs
    days = [(name, at.date()) for name, at in after]
    assert len(days) == len(set(days))


@sqlite_only
def test_what_is_turned_off_stays_away_for_a_week(talking):
    maya = talking.person("UMAYA")
    for kind in ("asks", "check_ins", "escalations", "rollups"):
        shown = maya.types("CPROG", "/pm switches").shown[-1]
        with talking.database.read(1) as session:
            program = session.scalars(select(Program.id)).one()
        maya.presses(shown, "switches.kind", option=f"{kind}:program:{program}")
    start = talking.clock.now()
    assert {each.kind for each in listed(talking)} == {ComingKind.HOW_WELL}, "that is for the manager alone"
    talking.play(start + WEEK)
    assert posted(talking, start) == []
    assert posted_in_channels(talking, "rollup:", start) == []
    assert climbed(talking) == []
