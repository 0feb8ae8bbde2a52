"""What a program has set counts for what begins after it; what runs keeps the rule that it began with."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from bot.services import parameters, places, schedule, status
from bot.services import risk as risks
from models.schemas.parameters import DEFAULTS, Parameters
from models.schemas.risk import RiskDraft
from models.schemas.status import Freshness
from models.tables import Issue, Occurrence, Risk, ScheduleRule
from tests.asking import THURSDAY, post_status, sqlite_only
from tests.statements import statements_of
from tests.town import CAST


def set_rules(town, **parts: dict[str, object]) -> None:
    changed = Parameters.model_validate(DEFAULTS.model_dump() | parts)
    with town.database.write(1) as session:
        parameters.set_parameters(session, 1, changed, by_id=None, reason="A try", now=town.clock.now())
        everything = [places.get(session, "program:1"), *places.projects_of_program(session, 1)]
        schedule.ensure_rules(session, everything, now=town.clock.now())


def log_risk(town, title: str = "Vendor slips the API") -> Risk:
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", f"/risk {title}")
    kavya.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    assert kavya.form_errors == {}
    with town.database.read(1) as session:
        return session.scalars(select(Risk).order_by(Risk.id.desc()).limit(1)).one()


def log_issue(town, title: str, severity: str) -> Issue:
    luis = town.person("ULUIS")
    luis.types("CLEDGER", f"/pm issue {title}")
    luis.submits({"severity": severity})
    assert luis.form_errors == {}
    with town.database.read(1) as session:
        return session.scalars(select(Issue).order_by(Issue.id.desc()).limit(1)).one()


def test_a_risk_keeps_the_hours_that_it_was_logged_with(town):
    before = log_risk(town)
    assert before.acknowledge_by == datetime(2026, 3, 30, 17, 0, tzinfo=UTC) + (before.raised_at - town_start(before))
    set_rules(town, risk={"ack_extreme": 2})
    after = log_risk(town, "Auditors change the rules")
    assert after.acknowledge_by - after.raised_at == timedelta(hours=2)
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/risk A third one")
    kavya.fills({"probability": "4", "impact": "5"})
    assert "The owner has 2 working hours to acknowledge." in str(kavya.modal["blocks"])
    with town.database.read(1) as session:
        assert session.get_one(Risk, before.id).acknowledge_by == before.acknowledge_by


def town_start(risk: Risk) -> datetime:
    """The town's clock has gone on by some seconds since 09:00."""
    return risk.raised_at.replace(minute=0, second=0, microsecond=0)


def test_an_issue_keeps_its_day_and_a_new_severity_counts_by_the_rule_of_today(town):
    before = log_issue(town, "The ledger does not reconcile", "sev2")
    assert before.resolve_by is None
    set_rules(town, issue={"sev2": 2, "sev1": 1})
    after = log_issue(town, "The export is empty", "sev2")
    assert after.resolve_by == date(2026, 4, 1)
    assert "to be resolved by Wed 1 Apr" in town.card("CLEDGER", "Sev2 issue I-2")["text"]
    town.play(datetime(2026, 4, 2, 13, tzinfo=UTC))
    luis = town.person("ULUIS")
    listed = str(luis.types("CLEDGER", "/pm issues overdue").shown[-1]["blocks"])
    assert "The export is empty" in listed
    assert "The ledger does not reconcile" not in listed


@sqlite_only
def test_a_status_stays_fresh_by_the_rhythm_of_its_program(town):
    post_status(town)
    later = town.clock.now() + timedelta(days=12)
    with town.database.read(1) as session:
        place = places.of_channel(session, "CLEDGER")
        last = status.latest(session, [place.id])[place.id]
        assert status.freshness_by(place.rules.status, last.posted_at, later) is Freshness.STALE
    set_rules(town, status={"every": 2})
    with town.database.read(1) as session:
        place = places.of_channel(session, "CLEDGER")
        assert place.rules.status.every == 2
        assert status.freshness_by(place.rules.status, last.posted_at, later) is Freshness.FRESH
        assert status.health_of(place, last, later).value == "green"


@sqlite_only
def test_the_home_knows_the_rhythm_too(town):
    post_status(town)
    set_rules(town, status={"every": 4})
    town.clock.move_to(town.clock.now() + timedelta(days=20))
    home = str(town.person("ULUIS").opens_home())
    assert "Unknown" not in home
    assert "Green" in home


def test_what_a_program_has_set_costs_no_statement_more(town):
    """Not to log a risk, where most programs have set nothing, and not where one has."""
    draft = RiskDraft(
        project="project:1", title="A risk", probability=4, impact=5, category="vendor", kind="threat", owner="ULUIS"
    )

    def statements() -> int:
        with town.database.write(1) as session, statements_of(session.connection()) as asked:
            place = places.of_channel(session, "CLEDGER")
            risks.log_risk(session, draft, place=place, owner=place.owner, author=place.owner, now=town.clock.now())
        return len(asked)

    statements()  # the first one begins the count of numbers
    plain = statements()
    set_rules(town, risk={"ack_extreme": 2})
    assert statements() == plain


def test_rules_of_many_projects_are_made_in_as_many_statements_as_those_of_one(town):
    with town.database.write(1) as session:
        one = places.projects_of_program(session, 1)
        with statements_of(session.connection()) as asked:
            schedule.ensure_rules(session, one, now=town.clock.now())
        single = len(asked)
    for number in range(12):
        channel = f"C{number:05}"
        town.sandbox.add_channel(channel, f"p-{number}", [*CAST, town.sandbox.bot_user_id])
        town.set_up_project(("ULUIS", "UJONAS", "UKAVYA")[number % 3], channel, f"Project {number}")
    town.play(THURSDAY + timedelta(hours=6))
    with town.database.write(1) as session:
        many = places.projects_of_program(session, 1)
        with statements_of(session.connection()) as asked:
            schedule.ensure_rules(session, many, now=town.clock.now())
        assert len(many) == 13
        assert len(asked) <= single + 1, "the open requests move in one more"
    assert town.count(Occurrence, kind="status_request") == 13
    assert town.count(ScheduleRule, kind="status_request") == 13


@sqlite_only
def test_a_decision_is_measured_by_what_its_program_had_set_when_it_was_raised(town):
    before = town.clock.now()
    town.clock.move_to(before + timedelta(hours=1))
    set_rules(town, decision={"two_way": 2, "one_way": 9})  # nobody set it: as an import does
    town.clock.move_to(before + timedelta(hours=2))
    changed = DEFAULTS.model_copy(update={"decision": DEFAULTS.decision.model_copy(update={"two_way": 3})})
    with town.database.write(1) as session:
        parameters.set_parameters(session, 1, changed, by_id=1, reason="A try", now=town.clock.now())
    with town.database.read(1) as session:
        versions = parameters.versions_of(session, [1, 7])
    assert list(versions) == [1]
    counted = [parameters.counted_at(versions[1], before + timedelta(minutes=minutes)) for minutes in (0, 90, 150)]
    assert [rules.decision.two_way for rules in counted] == [2, 2, 3]
    assert parameters.counted_at([], before) == DEFAULTS
