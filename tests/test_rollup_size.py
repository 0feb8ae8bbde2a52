"""A rollup fits into one message whatever it has to say, and says what it leaves out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.services.rollup_rows import OFF_TRACK
from bot.slack_rules import check_message, text_size
from bot.views.rollup import rollup_message
from bot.views.rollup_private import all_asks, preview, shared_copy, text_twin
from bot.views.rollup_thread import own_reply, project_reply, shared_replies
from models.schemas.decision import DecisionStatus
from models.schemas.figures import DependencyFigures, ProjectFigures, Signal
from models.schemas.message import Message
from models.schemas.people import PersonCard
from models.schemas.plan import DependencyState
from models.schemas.project import Place, PlaceKind, State
from models.schemas.risk import Band
from models.schemas.rollup import (
    NO_UPDATE_YET,
    Change,
    ChangeKind,
    DueDecision,
    NextMilestone,
    OffTrack,
    Override,
    ProjectRow,
    Rollup,
    RollupAsk,
    Seen,
    TopRisk,
)
from models.schemas.status import Freshness, Health

HOSTILE = "<!channel> & <@UMAYA> *b* `x` " + "&<>" * 60
EVIL = PersonCard(id=1, slack_id="UEVIL", handle="<&>" * 25, tz="America/New_York")
TODAY = date(2026, 4, 6)
LINK = "https://example-workspace.slack.com/archives/C0P302/p1774630200000000"
NOW = datetime(2026, 4, 6, 13, tzinfo=UTC)
SPARED = 0.8
"""Of every limit a fifth is spared."""


def place(number: int, name: str = HOSTILE) -> Place:
    return Place(
        kind=PlaceKind.PROJECT,
        id=number,
        number=number,
        name=f"{name}{number}",
        channel="C1",
        channel_name=None,
        program_id=1,
        program_name=HOSTILE,
        tz="America/Argentina/Buenos_Aires",
        state=State.ACTIVE,
        restricted=False,
        owner=EVIL,
        target_on=date(2027, 12, 24),
    )


def figures(number: int) -> ProjectFigures:
    return ProjectFigures(
        id=number,
        program_id=1,
        state=State.ACTIVE,
        reported=Health.GREEN,
        posted_at=NOW,
        freshness=Freshness.DARK,
        effective=Health.UNKNOWN,
        trend=None,
        computed=Health.RED,
        signals=[Signal("milestone_slip", Health.RED)],
        max_slip_wd=120,
        is_watermelon=True,
        earned=None,
        quality=None,
    )


def waits_for(number: int, state: DependencyState = DependencyState.BLOCKED) -> DependencyFigures:
    return DependencyFigures(
        id=number,
        number=number,
        title=HOSTILE,
        give_project_id=None,
        give_name=HOSTILE,
        get_project_id=number,
        state=state,
        needed_by=TODAY,
        health=OFF_TRACK[number % 4],
        forecast_on=None,
        slip_wd=7,
        is_critical=False,
    )


def a_row(number: int, name: str = HOSTILE, **values: object) -> ProjectRow:
    fields = {
        "place": place(number, name),
        "health": Health.RED,
        "update_id": number,
        "last_posted_on": date(2025, 12, 24),
        "posted_at": NOW,
        "author": HOSTILE,
        "summary": HOSTILE * 3,
        "days_silent": NO_UPDATE_YET if number % 2 else 400,
        "covered_until": TODAY,
        "link": LINK,
        "next": NextMilestone(title=HOSTILE, on=date(2025, 12, 24), late=70),
        "figures": figures(number),
        "seen": Seen(shown_on=TODAY, kept=True),
        "slip_days": 41,
        "top_risk": a_risk(number),
        "waits_for": waits_for(number),
    }
    return ProjectRow.model_validate(fields | values)


def a_risk(number: int) -> TopRisk:
    return TopRisk(
        ref=f"R-{number}", link=LINK, title=HOSTILE, band=Band.EXTREME, points="25", owner=EVIL.handle, is_new=True
    )


def a_decision(number: int, due_on: date) -> DueDecision:
    return DueDecision(
        id=number,
        ref=f"D-{number}",
        link=LINK,
        title=HOSTILE,
        due_on=due_on,
        status=DecisionStatus.PROPOSED,
        approver=EVIL,
        late=25,
    )


def an_ask(number: int) -> RollupAsk:
    of_decision = number % 2 == 0
    return RollupAsk(
        person=EVIL if of_decision else None,
        words=HOSTILE,
        ref=f"D-{number}" if of_decision else None,
        link=LINK,
        decision_id=number if of_decision else None,
        update_id=None if of_decision else number,
        place_name=HOSTILE,
        since=TODAY,
        due_on=TODAY,
    )


def _name(kind: ChangeKind, number: int) -> str:
    """Records are named by their number, all else as it was typed."""
    return f"R-{number}" if kind.partition("_")[0] in ("risk", "issue", "decision") else HOSTILE


def changes(number: int) -> list[Change]:
    day = TODAY.isoformat()
    said = {
        ChangeKind.HEALTH: {"was": "green", "now": "red"},
        ChangeKind.ACHIEVED: {"now": day, "late": 3},
        ChangeKind.PASSED: {"now": day},
        ChangeKind.REDATED: {"was": day, "now": day, "late": -3},
        ChangeKind.TARGET_MOVED: {"was": day, "now": day, "late": 3},
        ChangeKind.RISK_NEW: {"now": "Extreme 25"},
        ChangeKind.ISSUE_OPENED: {"now": "sev1"},
        ChangeKind.RISK_RESCORED: {"was": "Low 2", "now": "Extreme 25"},
    }
    return [
        Change(kind=kind, id=n, name=_name(kind, n), link=LINK, **({"now": HOSTILE} | said.get(kind, {})))
        for kind in ChangeKind
        for n in range(number)
    ]


def big_rollup(number: int, **values: object) -> Rollup:
    """Everything that one can be, as long as it can be, times the number of projects."""
    built = Rollup(
        program=place(0),
        period="2026-W14",
        today=TODAY,
        health=Health.RED if number else None,
        added_up=Health.AMBER,
        figures=Health.AMBER,
        override=Override(health=Health.RED, reason=HOSTILE * 2, by=HOSTILE, until=TODAY),
        previous_health=Health.GREEN,
        previous_on=TODAY - timedelta(days=7),
        changes=changes(number),
        projects=[a_row(n) for n in range(number)],
        asks=[an_ask(n) for n in range(number)],
        top_risks=[a_risk(n) for n in range(min(number, 5))],
        decisions_overdue=[a_decision(n, date(2026, 3, 2)) for n in range(number)],
        decisions_next=[a_decision(n, date(2027, 4, 10)) for n in range(number)],
        off_track=[OffTrack(figures=waits_for(n), gives=HOSTILE, gets=HOSTILE) for n in range(number)],
        quality=67,
        restricted=number,
        spark=[(f"2026-W{n:02d}", Health.RED) for n in range(9, 15)],
        next_at=NOW + timedelta(days=7),
        posted_at=NOW,
        updated_on=TODAY,
        readers=3,
        occurrence_id=12,
    )
    return built.model_copy(update=values)


def fits(message: Message) -> None:
    for blocks in (message.blocks, message.fallback or []):
        payload = message.payload() | {"channel": "C1", "blocks": blocks}
        assert check_message(payload) == []
        assert len(blocks) <= 45 * SPARED
        assert text_size(payload) <= 10_000 * SPARED
        sections = [block["text"]["text"] for block in blocks if block["type"] == "section" and "text" in block]
        assert all(len(text) <= 3000 * SPARED and "<!channel>" not in text for text in sections)
    assert len(message.text) <= 150


SIZES = [0, 1, 12, 21, 400]


@pytest.mark.parametrize("projects", SIZES)
def test_any_number_of_projects_with_any_names_fits_with_and_without_a_table(projects):
    fits(rollup_message(big_rollup(projects)))
    fits(rollup_message(big_rollup(projects, changes=[], previous_health=Health.RED, override=None)))


@pytest.mark.parametrize("projects", SIZES)
def test_what_is_told_of_it_in_private_and_in_its_thread_fits_too(projects):
    rollup = big_rollup(projects)
    fits(preview(rollup, may_act=True, skips=True, last_id=1, shareable=True))
    fits(text_twin(rollup))
    fits(all_asks(rollup))
    fits(shared_copy(rollup, HOSTILE))
    replies = [project_reply(rollup, row) for row in own_reply(rollup)]
    assert len(replies) == min(projects, 20), "the worst ones have a reply each"
    for message in (*replies, *(message for _, message in shared_replies(rollup))):
        fits(message)


def test_every_project_stands_in_the_thread_once():
    rows = [a_row(n, "Ledger ") for n in range(30)]
    rows += [a_row(n, "Quiet ", health=Health.GREEN, figures=None) for n in range(30, 60)]
    rollup = big_rollup(0, projects=rows)
    alone = [project_reply(rollup, row) for row in own_reply(rollup)]
    together = [str(message.blocks) for _, message in shared_replies(rollup)]
    for row in rows:
        told = f"|{row.place.name}>"
        assert sum(told in str(message.blocks) for message in alone) + sum(told in text for text in together) == 1


def test_nothing_is_cut_silently():
    message = rollup_message(big_rollup(200))
    shown = str(message.blocks)
    for rest in (
        "and 195 more: 97 overdue decisions",
        "more in the thread",
        "and 195 more",  # new and closed risks
        "and 198 more",  # decided, and decisions to come
        "and 196 more",  # new risks
        ", the worst ",
    ):
        assert rest in shown, rest
    twin = [block["text"]["text"] for block in message.fallback if "projects, worst first" in str(block)]
    assert twin[0].startswith("*200 projects, worst first*\n")
    count = twin[0].count(":large_red_square:")
    assert f"and {200 - count} more in the thread" in twin[0]
    assert count >= 2


def test_twelve_plain_projects_stand_in_the_twin_whole():
    plain = [a_row(n, "Ledger Migration ", next=None) for n in range(12)]
    few = big_rollup(12, projects=plain, asks=[], decisions_overdue=[], changes=[], off_track=[])
    twin = str(rollup_message(few).fallback)
    assert all(f"|Ledger Migration {n}>" in twin for n in range(12))
    assert "more in the thread" not in twin
