"""What will be sent: a fortnight, one person, oneself, nothing at all, too much for a list; and how well it works."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from bot.views import preview, well
from models.schemas.escalation import Level, Rule
from models.schemas.foresight import Coming, ComingDay, ComingKind, ComingMessage, Hours, Preview
from models.schemas.home import AskKind
from models.schemas.people import PersonCard
from models.schemas.well import EscalationFigures, HowWell, IgnoredPlace, KindFigures, OnTime
from tests.views.cast import DANA, HOSTILE, LUIS, PLACE, PROGRAM, TODAY, changed

AT = datetime(2026, 3, 30, 14, tzinfo=UTC)
ZONE = "America/New_York"


def line(ask: AskKind, subject: str = "R-12", *, person: PersonCard = LUIS, days: int = 0, **values: Any) -> Coming:
    at = AT + timedelta(days=days)
    common = {"at": at, "zone": ZONE, "day": at.date(), "person": person, "place": PLACE, "answered_at": at}
    kind = ComingKind.CHECK_IN if ask is AskKind.CHECK_IN else ComingKind.ASK
    return Coming(**common | {"kind": kind, "ask": ask, "subject": subject} | values)


def message(*parts: Coming, is_sent: bool = False) -> ComingMessage:
    first = parts[0]
    assert first.person is not None
    return ComingMessage(
        person=first.person,
        at=first.at,
        zone=first.zone,
        day=first.day,
        parts=list(parts),
        is_conditional=all(part.is_conditional for part in parts),
        is_sent=is_sent,
    )


def post(days: int, kind: ComingKind = ComingKind.ROLLUP, **values: Any) -> Coming:
    at = AT + timedelta(days=days, hours=-1)
    common = {"at": at, "zone": ZONE, "day": at.date(), "kind": kind, "place": PROGRAM, "channel": "C1"}
    return Coming(**common | {"channel_name": "prg-nova", "subject": HOSTILE, "cadence": "weekly"} | values)


STATUS = line(AskKind.STATUS, HOSTILE, days=3, cadence="weekly", due_at=AT + timedelta(days=4))
DAYS = [
    ComingDay(day=TODAY, messages=[message(line(AskKind.DECIDE, "D-4", person=DANA), is_sent=True)], posts=[post(0)]),
    ComingDay(
        day=TODAY + timedelta(days=1),
        messages=[
            message(line(AskKind.REVIEW_RISK, days=1)),
            message(line(AskKind.REVIEW_RISK, person=DANA, days=1)),
            message(line(AskKind.CHECK_IN, HOSTILE, days=1, is_conditional=True)),
        ],
        posts=[post(1, ComingKind.CHECK_IN, cadence=None)],
        escalations=[
            post(1, ComingKind.ESCALATION, person=who, is_conditional=True, rule=rule, level=Level.MANAGER).model_copy(
                update={"subject": subject, "deadline_on": date(2026, 3, 27)}
            )
            for who, rule, subject in ((DANA, Rule.E3, "R-12"), (LUIS, Rule.E6, HOSTILE))
        ],
    ),
    ComingDay(day=TODAY + timedelta(days=2)),
    ComingDay(
        day=TODAY + timedelta(days=3),
        messages=[
            message(
                STATUS,
                line(AskKind.REVIEW_RISK, "R-8", days=3),
                line(AskKind.SETTLE, "A-2", days=3, is_conditional=True, behalf_of=DANA),
            ),
            message(line(AskKind.STATUS, HOSTILE, days=3, person=DANA, is_conditional=True, nudge=1)),
        ],
    ),
]
SHORT = Preview(
    programs=[PROGRAM],
    today=TODAY,
    last_day=TODAY + timedelta(days=11),
    days=DAYS,
    hours=[
        Hours(start="09:00", end="18:00", zones=[ZONE]),
        Hours(start="09:30", end="18:30", zones=["Asia/Kolkata"]),
    ],
    people=2,
    notes=[f"Dry run: everything of {HOSTILE} goes to luis<x>"],
    may_switch=True,
)
LONG_NAME = LUIS.model_copy(update={"handle": "<" * 40})
MANY = [
    message(*(line(AskKind.STATUS, "&" * 80, person=LONG_NAME, days=n, is_conditional=n % 2 == 0) for _ in range(3)))
    for n in range(12)
]
LONG = changed(
    SHORT,
    days=[ComingDay(day=TODAY + timedelta(days=n), messages=[MANY[n]] * 20, posts=[post(n)]) for n in range(12)],
    people=20,
    notes=[],
)
PROGRAMS = [changed(PROGRAM, id=number) for number in (3, 4)]

FIGURES = HowWell(
    program=PROGRAM,
    since=date(2026, 3, 2),
    until=TODAY,
    kinds=[
        KindFigures(kind=AskKind.STATUS, sent=16, answered=14, ignored=1, median_hours=Fraction(7, 3)),
        KindFigures(kind=AskKind.DECIDE, sent=4, answered=3, ignored=0, median_hours=None),
    ],
    on_time=[OnTime(project=HOSTILE, in_time=1, required=4), OnTime(project="Ledger", in_time=5, required=6)],
    ignored=[IgnoredPlace(place=HOSTILE, kind=AskKind.STATUS, ignored=1, sent=4)],
    escalations=EscalationFigures(opened=3, at_sponsor=1, resolved=2),
)

SHOWN: dict[str, Any] = {
    "preview": preview.preview_message(SHORT),
    "preview-table": preview.preview_message(SHORT, as_table=True),
    "preview-person": preview.preview_message(changed(SHORT, person=LUIS)),
    "preview-own": preview.preview_message(changed(SHORT, is_own=True, person=LUIS, programs=[], may_switch=False)),
    "preview-paused": preview.preview_message(
        changed(SHORT, days=[ComingDay(day=TODAY)], people=0, hours=[], notes=[f"{HOSTILE} is paused: nothing is sent"])
    ),
    "preview-nothing": preview.preview_message(changed(SHORT, days=[], people=0, notes=[], may_switch=False)),
    "preview-many": preview.preview_message(LONG),
    "preview-many-table": preview.preview_message(LONG, as_table=True),
    "preview-choose": preview.choose_program(PROGRAMS),
    "preview-choose-none": preview.choose_program([]),
    "well": well.how_well(FIGURES),
    "well-month": well.how_well(changed(FIGURES, is_month=True, until=date(2026, 3, 31), since=date(2026, 3, 1))),
    "well-nothing": well.how_well(changed(FIGURES, kinds=[], on_time=[], ignored=[])),
    "well-little": well.how_well(
        changed(
            FIGURES,
            kinds=[FIGURES.kinds[1]],
            ignored=[],
            escalations=EscalationFigures(opened=0, at_sponsor=0, resolved=0),
        )
    ),
}
