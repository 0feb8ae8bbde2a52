"""Escalations: the head of a thread in every state, its replies, the list of a day with many, the forms."""

from datetime import date
from typing import Any

from bot.views import escalation, escalation_form, escalation_thread
from models.schemas.escalation import EscalationCard, EscalationState, Level, Rule, Step, Subject, Waiting
from models.schemas.people import PersonCard
from tests.views.cast import DANA, HOSTILE, LINK, LUIS, NOW, PLACE, TODAY, changed

MAYA = PersonCard(id=4, slack_id="UMAYA", handle="maya", tz="America/New_York")
MILESTONE = Subject(
    kind="milestone",
    id=7,
    ref=None,
    title=HOSTILE,
    state="in_progress",
    due_on=date(2026, 3, 27),
    baseline_on=date(2026, 3, 27),
    owner=LUIS,
    waits=[
        Waiting(name=HOSTILE, ref="DEP-1", link=LINK, needed_by=date(2026, 4, 7)),
        Waiting(name="Migration wave 1"),
    ],
)
RISK = Subject(
    kind="risk", id=12, ref="R-12", title=HOSTILE, link=LINK, grade="Extreme", state="identified", owner=LUIS
)
DEPENDENCY = Subject(kind="dependency", id=5, ref="DEP-5", title=HOSTILE, provider=HOSTILE)
CARD = EscalationCard(
    id=24,
    ref="ESC-24",
    rule=Rule.E8,
    subject=MILESTONE,
    place=changed(PLACE, name=HOSTILE),
    status=EscalationState.OPEN,
    level=Level.LEAD,
    opened_at=NOW,
    deadline_on=date(2026, 3, 27),
    deadline_at=None,
    elapsed=1,
    notify=LUIS,
    role="project owner",
    instead_of=None,
    informed=MAYA,
    next_person=MAYA,
    next_step_at=NOW,
    next_on=date(2026, 3, 31),
    climbs=0,
    stepped_at=NOW,
    acknowledged_by=None,
    acknowledged_at=None,
    note=None,
    reopens_on=None,
    ack_window=2,
    resolved_on=None,
    resolved_by=None,
    outcome=None,
    outcome_more=None,
    reason=None,
    zone="America/New_York",
    channel="CPROG",
    listed_on=None,
    posts=1,
    version=1,
    link=LINK,
)
CLIMBED = changed(CARD, level=Level.MANAGER, notify=MAYA, role="program manager", elapsed=2, climbs=1, next_person=DANA)
AT_THE_TOP = changed(CLIMBED, level=Level.SPONSOR, notify=DANA, role="sponsor", next_person=None, next_on=None)
HAS_IT = changed(
    CLIMBED,
    status=EscalationState.ACKNOWLEDGED,
    acknowledged_by=MAYA,
    acknowledged_at=NOW,
    reopens_on=date(2026, 4, 1),
    note=HOSTILE,
)
PENDING = changed(
    CARD, rule=Rule.E1, subject=RISK, status=EscalationState.PENDING, level=Level.OWNER, deadline_at=NOW, elapsed=0
)
OVER = {"resolved_on": TODAY, "resolved_by": MAYA, "next_person": None, "next_on": None}
REDATED = changed(
    CLIMBED,
    status=EscalationState.RESOLVED,
    subject=changed(MILESTONE, due_on=date(2026, 4, 7)),
    outcome="re-dated to Tue 7 Apr",
    outcome_more="1st slip, +11 days",
    reason=HOSTILE,
    **OVER,
)
CANCELLED = changed(CLIMBED, status=EscalationState.CANCELLED, outcome="cancelled", reason=HOSTILE, **OVER)
LISTED = [changed(CARD, id=30 + n, ref=f"ESC-{30 + n}", listed_on=TODAY) for n in range(3)]
MANY = [changed(CARD, id=30 + n, ref=f"ESC-{30 + n}", listed_on=TODAY) for n in range(60)]

SHOWN: dict[str, Any] = {
    "escalation-parent": escalation.escalation_parent(CARD, today=TODAY),
    "escalation-parent-climbed": escalation.escalation_parent(CLIMBED, today=TODAY),
    "escalation-parent-top": escalation.escalation_parent(AT_THE_TOP, today=TODAY),
    "escalation-parent-acknowledged": escalation.escalation_parent(HAS_IT, today=TODAY),
    "escalation-parent-pending": escalation.escalation_parent(PENDING, today=TODAY),
    "escalation-parent-resolved": escalation.escalation_parent(REDATED, today=TODAY),
    "escalation-parent-cancelled": escalation.escalation_parent(CANCELLED, today=TODAY),
    "escalation-parent-dry": escalation.escalation_parent(CARD, today=TODAY, marks=("Dry run: only you see this.",)),
    "escalation-first-reply": escalation_thread.step_reply(CARD, Step.BEGIN, today=TODAY),
    "escalation-climb": escalation_thread.step_reply(CLIMBED, Step.CLIMB, today=TODAY),
    "escalation-climb-top": escalation_thread.step_reply(AT_THE_TOP, Step.CLIMB, today=TODAY),
    "escalation-climb-away": escalation_thread.step_reply(
        changed(CLIMBED, instead_of=LUIS), Step.CLIMB, today=TODAY, in_list=True
    ),
    "escalation-again": escalation_thread.step_reply(CLIMBED, Step.AGAIN, today=TODAY),
    "escalation-acknowledged-reply": escalation_thread.acknowledged_reply(HAS_IT, today=TODAY),
    "escalation-acknowledged-reply-bare": escalation_thread.acknowledged_reply(changed(HAS_IT, note=None), today=TODAY),
    "escalation-resolved-reply": escalation_thread.ended_reply(REDATED, today=TODAY),
    "escalation-cancelled-reply": escalation_thread.ended_reply(CANCELLED, today=TODAY),
    "escalation-list": escalation_thread.escalation_list(LISTED, today=TODAY),
    "escalation-list-many": escalation_thread.escalation_list(MANY, today=TODAY),
    "escalation-list-over": escalation_thread.escalation_list(
        [changed(card, status=EscalationState.RESOLVED, outcome="achieved", **OVER) for card in LISTED], today=TODAY
    ),
    "escalation-list-reply": escalation_thread.list_reply(MANY, today=TODAY),
    "escalation-moved": escalation_thread.escalation_moved(CARD, "in <#CPROG>"),
    "escalation-note-form": escalation_form.note_form(HAS_IT, today=TODAY, metadata="{}"),
    "escalation-cancel-form": escalation_form.cancel_form(CARD, today=TODAY, metadata="{}"),
    "escalation-redate-form": escalation_form.redate_form(
        changed(CARD, rule=Rule.E5, subject=DEPENDENCY), chosen=date(2026, 4, 14), today=TODAY, metadata="{}"
    ),
    **{
        f"escalation-parent-{rule.lower()}": escalation.escalation_parent(
            changed(CARD, rule=rule, subject=subject), today=TODAY
        )
        for rule, subject in {
            Rule.E1: RISK,
            Rule.E2: RISK,
            Rule.E3: changed(RISK, state="treating"),
            Rule.E4: Subject(
                kind="decision", id=4, ref="D-4", title=HOSTILE, due_on=TODAY, waits=[Waiting(name="luis")]
            ),
            Rule.E5: Subject(kind="dependency", id=5, ref="DEP-5", title=HOSTILE, provider=HOSTILE),
            Rule.E5B: Subject(kind="dependency", id=5, ref="DEP-5", title=HOSTILE, due_on=date(2026, 4, 7)),
            Rule.E6: Subject(kind="project", id=1, ref=None, title=HOSTILE, owner=LUIS),
            Rule.E7: Subject(kind="issue", id=3, ref="I-3", title=HOSTILE, grade="sev1"),
            Rule.E9: Subject(kind="finding", id=2, ref="AF-2", title=HOSTILE, grade="critical"),
        }.items()
    },
}
