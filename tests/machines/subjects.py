"""The machines of domain 3, typed from the paper, and a record of each kind to try them on."""

from datetime import date
from types import ModuleType

from sqlalchemy import update

from bot.notices import assumption as assumption_notices
from bot.notices import issue as issue_notices
from bot.notices import risk as risk_notices
from bot.services import assumption as assumptions
from bot.services import issue as issues
from bot.services import risk as risks
from bot.services.risk import score_values
from models.schemas.risk import RiskStatus
from models.tables import Assumption, Issue, Risk
from models.tables.unit import add_row
from tests.machines.decision_subject import DECISION
from tests.machines.trial import Row, Subject, person_id, places
from tests.town import Town

LATER = "2026-05-04"
REASON = {"reason": "The vendor moved the date again"}
SCORES = {"low": (1, 2), "moderate": (2, 3), "high": (3, 4), "extreme": (4, 5)}
RISK_ACTIVE = "identified assessed treating monitoring accepted"
ACCEPTS = {"low": "L", "moderate": "L", "high": "M", "extreme": "S"}
"""Who accepts a risk of this band."""


def make_risk(town: Town, band: str) -> int:
    probability, impact = SCORES[band]
    with town.database.write(1) as session:
        risk_id = add_row(
            session,
            Risk,
            number=77,
            **places(town),
            title="Vendor slips <!channel> & co",
            category="vendor",
            probability=probability,
            impact=impact,
            inherent_probability=probability,
            inherent_impact=impact,
            **score_values(None, RiskStatus.IDENTIFIED, probability, impact),
            owner_id=person_id(town, "owner"),
            author_id=person_id(town, "author"),
            raised_at=town.clock.now(),
            next_review_on=date(2026, 4, 6),
        )
        risk_notices.show_card(session, risks.get(session, risk_id), now=town.clock.now())
    return risk_id


def resolve_issues(town: Town) -> None:
    with town.database.write(1) as session:
        session.execute(update(Issue).values(status="resolved"))


def risk(band: str) -> Subject:
    """Domain 3.1. Only for accepting and closing does the band matter: the rest is tried with one of them."""
    closes = "O L +" if band in ("low", "moderate") else "L +"
    return Subject(
        kind="risk",
        table=Risk,
        states=("identified", "assessed", "treating", "monitoring", "accepted", "materialised", "closed", "rejected"),
        rows=(
            Row("identified", "assess", "assessed", "O L +"),
            Row("identified assessed", "reject", "rejected", "L +"),
            Row("assessed", "treat", "treating", "O L +"),
            Row("assessed treating", "accept", "accepted", ACCEPTS[band]),
            Row("treating", "monitor", "monitoring", "O L +"),
            Row("monitoring accepted", "resume", "treating", "O L +"),
            Row(RISK_ACTIVE, "happen", "materialised", "O L +"),
            Row(RISK_ACTIVE, "close", "closed", closes),
            Row("materialised", "settle", "closed", "O L +"),
            Row("closed rejected", "reopen", "assessed", "L +"),
        ),
        make=lambda town: make_risk(town, band),
        asks=() if "O" in closes else (("close", "owner"),),
        only=() if band == "high" else ("accept", "close"),
        ready={
            "statement": "Given that the vendor is late, the pilot may slip",
            "response_strategy": "mitigate",
            "response_plan": "A second vendor",
            "acknowledged_at": None,
            "close_asked_by_id": None,
            "next_review_on": date(2026, 4, 6),
        },
        ready_also=resolve_issues,
        answers={
            "assess": {
                "statement": "Given that the vendor is late, the pilot may slip",
                "response_strategy": None,
                "response_plan": "",
            },
            "reject": REASON,
            "treat": {
                "response_strategy": "mitigate",
                "response_plan": "A second vendor by May",
                "next_review_on": LATER,
            },
            "accept": REASON | {"next_review_on": LATER},
            "resume": REASON,
            "happen": {"title": "The vendor did slip", "severity": "sev2", "owner": "UKAVYA"},
            "close": REASON,
            "reopen": REASON,
        },
    )


def make_issue(town: Town) -> int:
    return _made(town, Issue, issue_notices, issues, severity="sev3", opened_at=town.clock.now())


def make_assumption(town: Town) -> int:
    return _made(
        town, Assumption, assumption_notices, assumptions, validate_by=date(2026, 4, 15), raised_at=town.clock.now()
    )


def _made(town: Town, table: type, notices: ModuleType, services: ModuleType, **values: object) -> int:
    with town.database.write(1) as session:
        record_id = add_row(
            session,
            table,
            number=77,
            **places(town),
            title="Vendor slips <!channel> & co",
            owner_id=person_id(town, "owner"),
            author_id=person_id(town, "author"),
            **values,
        )
        notices.show_card(session, services.get(session, record_id), now=town.clock.now())
    return record_id


ISSUE = Subject(
    kind="issue",
    table=Issue,
    states=("open", "in_progress", "blocked", "resolved", "closed", "wont_fix"),
    rows=(
        Row("open", "start", "in_progress", "O O' L +"),
        Row("in_progress", "block", "blocked", "O L +"),
        Row("blocked", "unblock", "in_progress", "O O' L +"),
        Row("in_progress", "resolve", "resolved", "O O' L +"),
        Row("resolved", "close", "closed", "R L +"),
        Row("open in_progress", "drop", "wont_fix", "L +"),
        Row("resolved closed", "reopen", "open", "any"),
    ),
    make=make_issue,
    ready={"status_reason": None},
    answers={"block": REASON, "drop": REASON, "reopen": REASON},
)
"""Domain 3.2."""

ASSUMPTION = Subject(
    kind="assumption",
    table=Assumption,
    states=("unvalidated", "validated", "invalidated"),
    rows=(
        Row("unvalidated", "confirm", "validated", "O O' L +"),
        Row("unvalidated validated", "refute", "invalidated", "O O' L +"),
        Row("validated invalidated", "reopen", "unvalidated", "L +"),
    ),
    make=make_assumption,
    ready={"status_reason": None},
    answers={"refute": REASON, "reopen": REASON},
)
"""Domain 2.9 names the states; who moves them is as with issues."""

SUBJECTS = {f"risk-{band}": risk(band) for band in SCORES} | {
    "issue": ISSUE,
    "assumption": ASSUMPTION,
    "decision": DECISION,
}
