"""The machine of domain 3.3, typed from the paper, and a decision to try it on."""

from datetime import date

from bot.notices import decision as notices
from bot.services import decision as decisions
from models.tables import Decision, DecisionContributor
from models.tables.unit import add_row
from tests.machines.trial import Row, Subject, person_id, places
from tests.town import Town

REASON = {"reason": "The figures come at the end of the month"}


def make_decision(town: Town) -> int:
    """A one-way door that may be reviewed: two options, and somebody is heard."""
    with town.database.write(1) as session:
        decision_id = add_row(
            session,
            Decision,
            number=77,
            **places(town),
            title="Cutover <!channel> & co",
            driver_id=person_id(town, "driver"),
            approver_id=person_id(town, "approver"),
            author_id=person_id(town, "author"),
            reversibility="one_way",
            options=[{"id": "A", "name": "Big bang"}, {"id": "B", "name": "Dual write"}],
            raised_at=town.clock.now(),
            due_on=date(2026, 4, 6),
            status="proposed",
        )
        contributor = person_id(town, "contributor")
        add_row(session, DecisionContributor, decision_id=decision_id, person_id=contributor)
        notices.show_card(session, decisions.get(session, decision_id), now=town.clock.now())
    return decision_id


DECISION = Subject(
    kind="decision",
    table=Decision,
    states=(
        "draft",
        "proposed",
        "in_review",
        "accepted",
        "rejected",
        "deferred",
        "withdrawn",
        "superseded",
        "deprecated",
    ),
    rows=(
        Row("draft", "propose", "proposed", "D"),
        Row("proposed", "review", "in_review", "D A"),
        Row("proposed in_review", "decide", "accepted", "A A'"),
        Row("proposed in_review", "reject", "rejected", "A A'"),
        Row("proposed in_review", "defer", "deferred", "A A' D"),
        Row("deferred", "resume", "proposed", "D"),
        Row("draft proposed", "withdraw", "withdrawn", "D"),
        Row("accepted", "supersede", "superseded", ""),  # by the bot alone, when the new decision is accepted
        Row("accepted", "deprecate", "deprecated", "A M"),
    ),
    make=make_decision,
    ready={"due_on": date(2026, 4, 6), "chosen": None, "rationale": None, "decided_at": None},
    answers={
        "decide": {"chosen": "A", "rationale": "It is the quickest"},
        "reject": REASON,
        "defer": REASON | {"due_on": "2026-05-04"},
        "withdraw": REASON,
        "deprecate": REASON,
    },
)
