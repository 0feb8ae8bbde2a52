"""Status updates: cards, receipt, forms, the ledger of slips, and what readers said."""

from datetime import date
from typing import Any

from bot.views import slips, status, status_card
from models.schemas.people import PersonCard
from models.schemas.slips import Ledger, Move, Slips
from models.schemas.status import Answer, Asked, Health, Reading, StatusCard, StatusLine, StatusStart, Trend
from models.schemas.status_facts import Fact, Facts, News
from tests.views.cast import DANA, HOSTILE, LINK, LUIS, NOW, PLACE, TODAY, changed

SLIPS = Slips(
    baseline_on=date(2026, 4, 30),
    baseline_set_on=date(2025, 12, 12),
    target_on=date(2026, 6, 10),
    moves=[
        Move(on=date(2026, 3, 27), old=date(2026, 4, 30), new=date(2026, 5, 15), reason=HOSTILE, by=LUIS),
        Move(on=date(2026, 3, 30), old=date(2026, 5, 15), new=date(2026, 6, 10), reason="A red-team round", by=DANA),
    ],
)
READERS = [PersonCard(id=20 + n, slack_id=f"UREADER{n}", handle=f"reader {n} {HOSTILE}", tz="UTC") for n in range(9)]
STATUS = StatusCard(
    id=9,
    place=PLACE,
    author=LUIS,
    period="2026-W13",
    posted_at=NOW,
    health=Health.AMBER,
    previous_health=Health.RED,
    trend=Trend.IMPROVING,
    summary=HOSTILE,
    path_to_green=HOSTILE,
    asks=[Asked(words=HOSTILE)],
    slips=Slips(baseline_on=date(2026, 4, 30), target_on=date(2026, 4, 30)),
    open_risks=3,
    extreme_risks=2,
    link=None,
)
MOVED = changed(
    STATUS,
    health=Health.GREEN,
    path_to_green=None,
    asks=[Asked(words=HOSTILE, person=DANA)],
    old_target_on=date(2026, 5, 15),
    new_target_on=date(2026, 6, 10),
    date_reason=HOSTILE,
    slips=SLIPS,
    link=LINK,
)
READ = changed(
    STATUS,
    readings=[
        *(Reading(person=reader, answer=Answer.READ) for reader in READERS),
        Reading(person=DANA, answer=Answer.TALK),
        Reading(person=LUIS, answer=Answer.DECIDE),
    ],
    corrects=True,
)
FACTS = Facts(
    worst=[
        Fact(ref="R-7", title=HOSTILE, link=LINK, news=News.RISK_NEW, size="Extreme 16"),
        Fact(ref="R-8", title=HOSTILE, news=News.RISK_RESCORED, size="Extreme 16", was="12"),
        Fact(ref="R-9", title=HOSTILE, news=News.RISK_UNREVIEWED, size="High 12", on=date(2026, 3, 20)),
        Fact(ref="I-3", title=HOSTILE, news=News.ISSUE_NEW, size="sev2"),
        Fact(ref="D-4", title=HOSTILE, news=News.DECISION_OVERDUE, on=date(2026, 3, 20)),
    ],
    rest=3,
)
GOOD_NEWS = Facts(
    worst=[
        Fact(ref="R-7", title=HOSTILE, link=LINK, news=News.RISK_OVER, size="closed"),
        Fact(ref="I-3", title=HOSTILE, news=News.ISSUE_OVER, size="sev2"),
        Fact(ref="D-4", title=HOSTILE, news=News.DECISION_MADE),
    ]
)
START = StatusStart(
    place=PLACE,
    choices=[PLACE],
    summary=HOSTILE,
    asks=HOSTILE,
    ask_person="UDANA",
    last_posted_on=date(2026, 3, 27),
    slips=SLIPS,
    facts=FACTS,
)
FIRST = StatusStart(place=changed(PLACE, target_on=None, baseline_on=None), choices=[PLACE])
CORRECT = changed(START, facts=None, corrects=9)
LINES = [
    StatusLine(
        period="2026-W13",
        posted_on=date(2026, 3, 27),
        author=LUIS,
        health=Health.GREEN,
        summary=HOSTILE * 9,
        moved_to=date(2026, 6, 10),
        corrected=False,
        link=LINK,
    ),
    StatusLine(
        period="2025-W52",
        posted_on=date(2025, 12, 27),
        author=DANA,
        health=Health.RED,
        summary=HOSTILE,
        moved_to=None,
        corrected=True,
        link=None,
    ),
]


def form(start: StatusStart) -> Any:
    return status.status_form(start, metadata="{}", today=TODAY)


def with_blocks(view: Any, blocks: Any) -> Any:
    return {**view, "blocks": blocks}


def card(update: StatusCard, **values: Any) -> Any:
    return status_card.status_card(changed(update, **values), today=TODAY)


def ledger(of: Slips, **how: Any) -> Any:
    return slips.slip_ledger(Ledger(ref=PLACE.ref, name=PLACE.name, slips=of), today=TODAY, **how)


NO_DATE = Slips()
STEADY = changed(SLIPS, target_on=SLIPS.baseline_on, moves=[])
OFTEN = changed(SLIPS, moves=SLIPS.moves * 15)
UNRECORDED = changed(SLIPS, moves=[Move(on=None, old=date(2026, 4, 30), new=date(2026, 6, 10), reason=None, by=None)])


SHOWN: dict[str, Any] = {
    "status-form": form(START),
    "status-form-amber": form(changed(START, health=Health.AMBER, facts=GOOD_NEWS)),
    "status-form-first": form(FIRST),
    "status-form-correct": form(CORRECT),
    "status-form-date-moved": with_blocks(
        form(START), status.with_reason(form(START)["blocks"], SLIPS, date(2026, 6, 30))
    ),
    "status-form-another-project": with_blocks(form(START), status.with_project(form(FIRST)["blocks"], START, TODAY)),
    "status-card-amber": card(STATUS),
    "status-card-for": card(changed(STATUS, instead_of=DANA)),
    "status-card-green": card(
        STATUS, health=Health.GREEN, previous_health=Health.GREEN, path_to_green=None, asks=[], slips=SLIPS
    ),
    "status-card-date-moved": card(MOVED),
    "status-card-date-set": card(
        STATUS, new_target_on=date(2026, 4, 30), path_to_green=None, date_reason=None, previous_health=None
    ),
    "status-card-read": card(READ),
    "status-card-corrected": card(STATUS, replaced_by=10, replaced_link=LINK),
    "status-receipt": status_card.status_receipt(STATUS),
    "status-receipt-corrected": status_card.status_receipt(READ),
    "status-answers": status_card.status_answers(READ),
    "status-answers-many": status_card.status_answers(
        changed(READ, readings=[Reading(person=reader, answer=Answer.TALK) for reader in READERS])
    ),
    "status-answers-none": status_card.status_answers(STATUS),
    "status-asked": status_card.status_asked(MOVED, MOVED.asks[0]),
    "status-history": status_card.status_history(PLACE, LINES, 12, today=TODAY),
    "status-history-none": status_card.status_history(PLACE, [], 0, today=TODAY),
    "slip-ledger": ledger(SLIPS),
    "slip-ledger-text": ledger(SLIPS, as_text=True),
    "slip-ledger-shared": ledger(SLIPS, shared_by=LUIS),
    "slip-ledger-steady": ledger(STEADY),
    "slip-ledger-no-date": ledger(NO_DATE),
    "slip-ledger-often": ledger(OFTEN),
    "slip-ledger-unrecorded": ledger(UNRECORDED),
}
