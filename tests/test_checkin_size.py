"""Check-ins of nobody, of one and of hundreds: within Slack's limits, in the same few statements."""

import json

import pytest
from sqlalchemy import select, update

from bot.services import checkin_opening, checkin_round, checkin_rounds
from bot.services.checkin_opening import ToOpen
from bot.slack_rules import check_message, text_size
from bot.views.checkin_round import round_summary
from models.tables import Blocker, Checkin, CheckinAnswer, CheckinMember, CheckinRound, Person
from tests.asking import sqlite_only
from tests.cards import buttons
from tests.checking_in import THURSDAY, WEDNESDAY, parent, set_up, thread
from tests.statements import statements_of
from tests.town import Town


def team_of(town: Town, size: int) -> None:
    """A check-in of this many people of one zone, most of whom Slack does not know."""
    town.refused |= {"conversations.open"}
    set_up(town, people=["ULUIS"], days=["wed"])
    with town.database.write(1) as session:
        for n in range(size - 1):
            session.add(Person(slack_id=f"UTEAM{n}", handle=f"team.mate.{n:03}", tz="America/New_York"))
        session.flush()
        mates = session.scalars(select(Person.id).where(Person.handle.like("team.mate.%"))).all()
        session.add_all(CheckinMember(checkin_id=1, person_id=mate) for mate in mates)


def everybody_says(town: Town, *, blocked: int = 0) -> None:
    with town.database.write(1) as session:
        for n, row in enumerate(session.scalars(select(CheckinAnswer).order_by(CheckinAnswer.id)).all()):
            said = {"finished": f"Graded {'&' * 500} {n}", "next": "Second round " * 40}
            values = {"state": "answered", "answers": said, "answered_at": town.clock.now()}
            if n < blocked:
                days = {"since_on": row.local_date, "last_said_on": row.local_date}
                made = Blocker(number=n + 1, checkin_id=1, person_id=row.person_id, text=f"Waits for slot {n}", **days)
                session.add(made)
                session.flush()
                values["blocker_ids"] = [made.id]
            session.execute(update(CheckinAnswer).where(CheckinAnswer.id == row.id).values(**values))


@sqlite_only
@pytest.mark.parametrize(("size", "blocked", "folds"), [(1, 0, False), (5, 5, False), (12, 1, False), (13, 2, True)])
def test_a_summary_folds_from_thirteen_answers_on(town, size, blocked, folds):
    team_of(town, size)
    town.play(WEDNESDAY)
    everybody_says(town, blocked=blocked)
    town.play(THURSDAY)
    assert f"{size} of {size} answered" in parent(town)["blocks"][0]["text"]["text"]
    summaries = [message for message in thread(town) if message["text"].startswith("Check-in ")]
    assert len(summaries) == bool(blocked)
    for summary in summaries:
        assert ("checkin.answers" in buttons(summary)) == folds
        assert check_message({key: summary[key] for key in ("text", "blocks")}) == []


@sqlite_only
def test_two_hundred_people_with_fifty_blockers(town):
    team_of(town, 200)
    town.play(WEDNESDAY)
    everybody_says(town, blocked=50)
    town.play(THURSDAY)
    [summary] = [message for message in thread(town) if message["text"].startswith("Check-in ")]
    assert len(summary["blocks"]) <= 45
    assert text_size({key: summary[key] for key in ("text", "blocks")}) <= 10_000
    assert "50 blockers*, the 10 oldest here and 40 more in the answers" in summary["blocks"][0]["text"]["text"]
    luis = town.person("ULUIS")
    page = luis.presses(summary, "checkin.answers").shown[-1]
    assert "page 1 of 17" in json.dumps(page)
    luis.presses(page, "checkin.page@2")
    turned = luis.reads("CLEDGER")[-1]
    assert "page 2 of 17" in json.dumps(turned)
    assert "Waits for slot" in json.dumps(turned)


def test_one_and_two_hundred_take_the_same_statements(town):
    team_of(town, 200)
    few = _members(town)[:2]
    asked = [_statements(town, few), _statements(town, _members(town))]
    assert asked[0] == asked[1]


def _members(town: Town) -> list[int]:
    with town.database.read(1) as session:
        return list(session.scalars(select(CheckinMember.person_id).order_by(CheckinMember.id)))


def _statements(town: Town, people: list[int]) -> list[int]:
    """To open a round for these people, to ask them, to read what they said and to close it."""
    with town.database.write(1) as session:
        session.execute(update(CheckinMember).values(role="observer"))
        session.execute(update(CheckinMember).where(CheckinMember.person_id.in_(people)).values(role="participant"))
        session.execute(update(Checkin).values(next_on=WEDNESDAY.date(), next_step_at=WEDNESDAY))
    counted = []
    with town.database.write(1) as session:
        with statements_of(session.get_bind()) as opening:
            round_id = checkin_opening.open_round(session, ToOpen(1, "CLEDGER", False), members=(), now=WEDNESDAY)
        counted.append(len(opening))
        assert round_id is not None
        with statements_of(session.get_bind()) as asking:
            assert len(checkin_rounds.take_steps(session, now=WEDNESDAY).asked) == len(people)
        counted.append(len(asking))
        said = {"state": "answered", "answers": {"finished": "All"}, "answered_at": WEDNESDAY}
        session.execute(update(CheckinAnswer).values(**said))
        with statements_of(session.get_bind()) as reading:
            card = checkin_round.get(session, round_id, now=WEDNESDAY)
        counted.append(len(reading))
        assert len(card.answered) == len(people)
        assert round_summary(card, WEDNESDAY.date()).blocks
        with statements_of(session.get_bind()) as closing:
            assert checkin_rounds.take_steps(session, now=THURSDAY).closed == {round_id}
        counted.append(len(closing))
        session.execute(CheckinAnswer.__table__.delete().where(CheckinAnswer.workspace_id == 1))
        session.execute(CheckinRound.__table__.delete().where(CheckinRound.workspace_id == 1))
    return counted
