"""What a report tells of what nobody answers: which rules fire at its instant, and with whom it is (domain 4.3)."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import escalation
from bot.domain.escalation import Fired, Threat
from bot.domain.status_requests import Record
from bot.services import calendars
from bot.services.health_known import overdue_of
from bot.services.report_decisions import KnownDecision
from bot.services.report_known import AtInstant
from bot.services.report_names import id_order, names
from bot.services.report_past import NOTHING, Past, pasts
from bot.services.report_risks import KnownRisk
from models.schemas.escalation import RULE_NAMES, Rule
from models.schemas.issue import IssueStatus, Severity
from models.schemas.parameters import DEFAULTS
from models.schemas.project import State
from models.schemas.report_clock import EscalationLine
from models.schemas.risk import RiskStatus
from models.tables import Finding, Issue

Fires = Iterator[tuple[str, int, int | None, Fired]]
"""Name of the record, its program, its project, and what fires. What belongs to no program climbs nowhere."""

RULES = list(Rule)


def escalations(
    session: Session,
    of: AtInstant,
    risks: Mapping[str, KnownRisk],
    decisions: Mapping[str, KnownDecision],
    records: Mapping[int, Record],
) -> list[EscalationLine]:
    """By rule, then by the name of the record."""
    fired = [
        *_of_risks(of, risks),
        *_of_decisions(of, decisions),
        *_of_dependencies(of),
        *_of_statuses(of, records),
        *_of_issues(session, of),
        *_of_milestones(of),
        *_of_findings(session, of),
    ]
    fired.sort(key=lambda one: (RULES.index(one[3].rule), id_order(one[0])))
    return [_line(of, *one) for one in fired]


def threat_of(of: AtInstant, risk: KnownRisk) -> Threat:
    """As the rules take it."""
    return Threat(
        kind=risk.kind,
        status=RiskStatus.IDENTIFIED if risk.active else RiskStatus.CLOSED,
        band=risk.band,
        raised_at=risk.row.raised_at,
        acknowledge_by=None if risk.acknowledged else acknowledge_by(of, risk),
        has_strategy=bool(risk.strategy),
        next_review_on=risk.next_review_on,
    )


def acknowledge_by(of: AtInstant, risk: KnownRisk) -> datetime:
    """As it was written down; where it was not, in the working hours of its owner, by its band."""
    if risk.row.acknowledge_by is not None:
        known: datetime = risk.row.acknowledge_by
        return known
    program = of.known.programs.get(risk.row.program_id or 0)
    rules = program.rules.risk if program else DEFAULTS.risk
    hours = calendars.of_person(of.people[risk.owner_id], now=of.now)
    return escalation.acknowledge_by(risk.row.raised_at, risk.band, rules, hours)


def _of_risks(of: AtInstant, risks: Mapping[str, KnownRisk]) -> Fires:
    for name, risk in risks.items():
        program_id = risk.row.program_id
        if program_id in of.known.programs:
            for fired in escalation.of_risk(threat_of(of, risk), of.moment(program_id)):
                yield name, program_id, risk.row.project_id, fired


def _of_decisions(of: AtInstant, decisions: Mapping[str, KnownDecision]) -> Fires:
    for name, known in decisions.items():
        program_id = known.row.program_id
        if program_id is not None and program_id in of.known.programs:
            for fired in escalation.of_decision(known.status, known.due_on, of.moment(program_id)):
                yield name, program_id, known.row.project_id, fired


def _of_dependencies(of: AtInstant) -> Fires:
    """It belongs to the project that waits for it."""
    for known in of.known.dependencies:
        project = of.known.projects.get(known.row.get_project_id)
        if project is not None and project.program_id is not None and project.program_id in of.known.programs:
            moment = of.moment(project.program_id)
            for fired in escalation.of_dependency(known.promised.state, known.promised.needed_by, moment):
                yield of.dependency_names[known.row.id], project.program_id, project.id, fired


def _of_statuses(of: AtInstant, records: Mapping[int, Record]) -> Fires:
    for name, project in of.projects:
        if project.state is State.ACTIVE and project.program_id is not None and project.program_id in of.known.programs:
            run = [answer.request.due_at for answer in records[project.id].missing_run]
            for fired in escalation.of_missing_status(run, of.moment(project.program_id)):
                yield name, project.program_id, project.id, fired


def _of_issues(session: Session, of: AtInstant) -> Fires:
    rows = names(session.scalars(select(Issue).where(Issue.opened_at <= of.now)).all(), "I")
    past = pasts(session, "issue", ("status",), among=select(Issue.id))
    for name, row in rows.items():
        if row.program_id is not None and row.program_id in of.known.programs:
            status = _issue_status(row, past.get(row.id, NOTHING), of)
            moment = of.moment(row.program_id)
            severity = Severity(row.severity)
            kept = escalation.kept_day(row.resolve_by, severity, row.opened_at, moment)
            for fired in escalation.of_issue(status, severity, row.opened_at, moment, kept):
                yield name, row.program_id, row.project_id, fired


def _issue_status(row: Issue, past: Past, of: AtInstant) -> IssueStatus:
    """An import does not know what it was before it was resolved: open."""
    return IssueStatus(past.at("status", of.now, row.status) or IssueStatus.OPEN)


def _of_milestones(of: AtInstant) -> Fires:
    for project in of.known.projects.values():
        if project.program_id is not None and project.program_id in of.known.programs:
            for one in overdue_of(of.known, project):
                for fired in escalation.of_milestone(one.status, one.due_on, of.moment(project.program_id)):
                    yield of.milestone_names[one.id], project.program_id, project.id, fired


def _of_findings(session: Session, of: AtInstant) -> Fires:
    rows = names(session.scalars(select(Finding)).all(), "F")
    past = pasts(session, "finding", ("status",), among=select(Finding.id))
    for name, row in rows.items():
        program = of.known.programs.get(row.program_id or 0)
        if program is not None and row.raised_on <= program.today:
            status = past.get(row.id, NOTHING).at("status", of.now, row.status) or "open"
            for fired in escalation.of_finding(status, row.severity, row.due_on, of.moment(program.id)):
                yield name, program.id, row.project_id, fired


def _line(of: AtInstant, name: str, program_id: int, project_id: int | None, fired: Fired) -> EscalationLine:
    """Whoever stands in is told in Slack; here stands whose turn it is."""
    chain = of.chain(program_id, project_id)
    person = chain.at(min(fired.level, chain.top))
    return EscalationLine(
        rule=f"{fired.rule}_{RULE_NAMES[fired.rule]}",
        object=name,
        program=of.program_names[program_id],
        deadline_on=fired.deadline,
        elapsed_wd=fired.elapsed,
        level=fired.level,
        notify=of.handle(person or chain.manager),
    )
