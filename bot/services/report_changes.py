"""What a report tells of the last seven days: (now - 7 days, now], over the history (domain 4.6)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services.report_decisions import KnownDecision
from bot.services.report_known import AtInstant
from bot.services.report_names import id_order, names
from bot.services.report_past import NOTHING, pasts
from bot.services.report_risks import KnownRisk
from bot.services.report_status import Reported
from models.schemas.issue import UNRESOLVED, IssueStatus
from models.schemas.plan import MilestoneStatus
from models.schemas.report_clock import ChangeFigures, Moved, Rescored
from models.tables import Issue

WINDOW = timedelta(days=7)


@dataclass(frozen=True)
class Span:
    """What happened after its start and not after its end."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.start < moment <= self.end

    def holds_date(self, day: date | None, zone: str) -> bool:
        return day is not None and local_date(self.start, zone) < day <= local_date(self.end, zone)


def changes(
    session: Session,
    of: AtInstant,
    said: Reported,
    risks: Mapping[str, KnownRisk],
    decisions: Mapping[str, KnownDecision],
) -> ChangeFigures:
    span = Span(of.now - WINDOW, of.now)
    issues = names(session.scalars(select(Issue).where(Issue.opened_at <= of.now)).all(), "I")
    return ChangeFigures(
        since=span.start,
        until=span.end,
        health_changes=list(_moves(of, said, span)),
        risks_new=[name for name, risk in risks.items() if span.holds(risk.row.raised_at)],
        risks_closed=[name for name, risk in risks.items() if _was_closed(risk, span)],
        risks_rescored=list(_rescored(risks, span)),
        issues_opened=[name for name, issue in issues.items() if span.holds(issue.opened_at)],
        issues_resolved=_resolved(session, issues, span),
        decisions_raised=[name for name, known in decisions.items() if span.holds(known.row.raised_at)],
        decisions_made=[name for name, known in decisions.items() if span.holds(known.decided_at)],
        milestones_achieved=sorted(_achieved(of, span), key=id_order),
        updates_posted=said.count(span.start),
    )


def _moves(of: AtInstant, said: Reported, span: Span) -> Iterator[Moved]:
    """What was said first is no move."""
    for name, project in of.projects:
        before, after = said.last(project.id, span.start), said.last(project.id, span.end)
        if before is not None and after is not None and before is not after:
            yield Moved(project=name, before=before, after=after)


def _was_closed(risk: KnownRisk, span: Span) -> bool:
    """Closed, rejected or happened within, and not open again."""
    return not risk.active and any(span.holds(life.closed_at) for life in risk.lives)


def _rescored(risks: Mapping[str, KnownRisk], span: Span) -> Iterator[Rescored]:
    for name, risk in risks.items():
        if risk.active and risk.row.raised_at <= span.start:
            before, after = risk.score_at(span.start), risk.score_at(span.end)
            if before != after:
                yield Rescored(risk=name, before=before, after=after)


def _resolved(session: Session, issues: Mapping[str, Issue], span: Span) -> list[str]:
    """Within, and not reopened since."""
    past = pasts(session, "issue", ("status",), among=select(Issue.id))
    found = []
    for name, row in issues.items():
        known = past.get(row.id, NOTHING)
        over = (known.at("status", span.end, row.status) or IssueStatus.OPEN) not in UNRESOLVED
        done = (change.at for change in known.of("status") if change.new == IssueStatus.RESOLVED)
        if over and any(span.holds(moment) for moment in done):
            found.append(name)
    return found


def _achieved(of: AtInstant, span: Span) -> Iterable[str]:
    for one in of.known.milestones:
        zone = of.known.program_of(one.project_id).calendar.zone
        if one.status is MilestoneStatus.ACHIEVED and span.holds_date(one.row.achieved_on, zone):
            yield of.milestone_names[one.id]
