"""A rollup fits into one message whatever it has to say, and says what it leaves out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.slack_rules import check_message, text_size
from bot.views.rollup import rollup_message
from models.schemas.decision import DecisionCard, DecisionStatus, Reversibility
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind, State
from models.schemas.risk import Band, Category, Kind, RiskCard, RiskStatus
from models.schemas.rollup import NO_UPDATE_YET, Change, Changes, ProjectRow, Rollup, RollupAsk
from models.schemas.status import Health

HOSTILE = "<!channel> & <@UMAYA> *b* `x` " + "&<>" * 60
EVIL = PersonCard(id=1, slack_id="UEVIL", handle="<&>" * 25, tz="America/New_York")
TODAY = date(2026, 4, 6)
LINK = "https://example-workspace.slack.com/archives/C0P302/p1774630200000000"
NOW = datetime(2026, 4, 6, 13, tzinfo=UTC)


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


def a_decision(number: int, due_on: date) -> DecisionCard:
    return DecisionCard(
        id=number,
        ref=f"D-{number}",
        place=None,
        title=HOSTILE,
        context=None,
        driver=EVIL,
        approver=EVIL,
        contributors=[],
        reversibility=next(iter(Reversibility)),
        options=[],
        raised_at=NOW,
        due_on=due_on,
        status=DecisionStatus.PROPOSED,
        chosen=None,
        rationale=None,
        decided_at=None,
        superseded_by=None,
        version=1,
        link=LINK,
    )


def a_risk(number: int) -> RiskCard:
    fields = dict.fromkeys(RiskCard.model_fields)
    return RiskCard(
        **fields
        | {
            "id": number,
            "ref": f"R-{number}",
            "kind": Kind.THREAT,
            "title": HOSTILE,
            "category": Category.VENDOR,
            "probability": 5,
            "impact": 5,
            "score": 25,
            "points": "25",
            "band": Band.EXTREME,
            "owner": EVIL,
            "status": RiskStatus.IDENTIFIED,
            "raised_at": NOW,
            "version": 1,
            "link": LINK,
        }
    )


def an_ask(number: int) -> RollupAsk:
    of_decision = number % 2 == 0
    return RollupAsk(
        person=EVIL if of_decision else None,
        words=HOSTILE,
        ref=f"D-{number}" if of_decision else None,
        link=LINK,
        decision_id=number if of_decision else None,
        place=place(number),
        since=TODAY,
        due_on=TODAY,
    )


def big_rollup(projects: int) -> Rollup:
    """Everything that one can be, as long as it can be, times the number of projects."""
    rows = [
        ProjectRow(
            place=place(n),
            health=Health.RED,
            previous=Health.UNKNOWN,
            last_posted_on=date(2025, 12, 24),
            days_silent=NO_UPDATE_YET if n % 2 else 400,
            link=LINK,
        )
        for n in range(projects)
    ]
    risks = [Change(ref=f"R-{n}", link=LINK, words="Extreme 25") for n in range(projects)]
    decisions = [Change(ref=f"D-{n}", link=LINK, words=HOSTILE) for n in range(projects)]
    return Rollup(
        program=place(0),
        period="2026-W14",
        today=TODAY,
        health=Health.RED if projects else None,
        previous_health=Health.GREEN,
        previous_on=TODAY - timedelta(days=7),
        changes=Changes(
            new_risks=risks, closed_risks=risks, opened_issues=risks, resolved_issues=risks, decided=decisions
        ),
        projects=rows,
        asks=[an_ask(n) for n in range(projects)],
        top_risks=[a_risk(n) for n in range(min(projects, 5))],
        decisions_overdue=[a_decision(n, date(2026, 3, 2)) for n in range(projects)],
        decisions_next=[a_decision(n, date(2027, 4, 10)) for n in range(projects)],
        restricted=projects,
        next_on=TODAY + timedelta(days=7),
    )


@pytest.mark.parametrize("projects", [0, 1, 12, 21, 200])
def test_any_number_of_projects_with_any_names_fits_with_and_without_a_table(projects):
    message = rollup_message(big_rollup(projects))
    for blocks in (message.blocks, message.fallback):
        payload = message.payload() | {"channel": "C1", "blocks": blocks}
        assert check_message(payload) == []
        assert len(blocks) <= 45
        assert text_size(payload) <= 10_000
        assert "<!channel>" not in str([block for block in blocks if block["type"] in ("section", "context")])
    assert len(message.text) <= 150


def test_nothing_is_cut_silently():
    message = rollup_message(big_rollup(200))
    shown = str(message.blocks)
    for rest in (
        "and 195 more: 97 overdue decisions",  # asks
        "and 193 more\\n",  # moves of health
        "and 195 more",  # new and closed risks
        "and 197 more",  # decided, and decisions to come
        "and 192 more",  # overdue decisions, silent projects
        "the worst 20 shown",
    ):
        assert rest in shown, rest
    twin = [block["text"]["text"] for block in message.fallback if "projects, worst first" in str(block)]
    rows = "\n".join(block["text"]["text"] for block in message.fallback if "target 24 Dec 2027" in str(block))
    assert twin[0].startswith("*200 projects, worst first*\n")
    count = rows.count("target 24 Dec 2027")
    assert f"and {200 - count} more" in str(message.fallback)
    assert count >= 5


def test_twelve_plain_projects_stand_in_the_twin_whole():
    rollup = big_rollup(12)
    plain = [row.model_copy(update={"place": place(n, "Ledger Migration ")}) for n, row in enumerate(rollup.projects)]
    few = rollup.model_copy(update={"projects": plain, "asks": [], "decisions_overdue": [], "changes": Changes()})
    twin = str(rollup_message(few).fallback)
    assert all(f"|Ledger Migration {n}>" in twin for n in range(12))
    assert "more'" not in twin.split("No recent update")[0].split("worst first")[1].split("Top risks")[0]
