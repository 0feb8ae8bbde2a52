"""The threads that are opened and the escalations that a report prints follow the same rules, on the same records."""

import json

from sqlalchemy import select

from bot.domain.escalation import Moment
from bot.services import calendars, escalation_causes, parameters
from bot.services.report import report
from models.schemas.escalation import RULE_NAMES, Level, Rule
from models.tables import Decision, Dependency, Finding, Issue, Milestone, Program, Risk
from tests.importing.office import NOW, REFERENCE, Office

TABLES = {
    "risk": Risk,
    "decision": Decision,
    "dependency": Dependency,
    "issue": Issue,
    "milestone": Milestone,
    "finding": Finding,
}


def test_what_is_opened_is_what_the_report_prints(database):
    """But for missing statuses: a report reads them from the updates, a thread from the requests that we sent."""
    office = Office(database)
    office.takes(REFERENCE)
    with database.read(office.workspace) as session:
        programs = session.scalars(select(Program.id)).all()
        hours, rules = calendars.of_programs(session, programs, now=NOW), parameters.of_programs(session, programs)
        moments = {program: Moment(NOW, hours[program], rules[program]) for program in programs}
        fired = [cause for cause in escalation_causes.find(session, moments) if cause.fired.level > Level.OWNER]
        known = {
            kind: dict(session.execute(select(table.id, table.external_id)).all()) for kind, table in TABLES.items()
        }
        printed = json.loads(report(session, as_of=NOW).as_json())["escalations"]
    ours = {
        (
            f"{cause.fired.rule}_{RULE_NAMES[cause.fired.rule]}",
            known[cause.kind][cause.record_id],
            cause.fired.deadline.isoformat(),
            cause.fired.elapsed,
            int(cause.fired.level),
        )
        for cause in fired
    }
    missing = f"{Rule.E6}_{RULE_NAMES[Rule.E6]}"
    theirs = {
        (each["rule"], each["object"], str(each["deadline_on"]), each["elapsed_wd"], each["level"])
        for each in printed
        if each["rule"] != missing
    }
    assert ours == theirs and len(ours) > 10
