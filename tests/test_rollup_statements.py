"""What a rollup asks its database: as much for a program of one project as for one of many, with a past or without."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.services import rollup
from bot.services.rollup import Moment
from models.tables import Person, Program, Project, StatusUpdate
from models.tables.unit import add_rows
from tests.statements import statements_of
from tests.town import Town

NOW = datetime(2026, 4, 6, 13, tzinfo=UTC)
MOST = 8


def fill(town: Town, projects: int, weeks: int) -> int:
    with town.database.write(1) as session:
        program = session.scalars(select(Program)).one()
        luis = session.scalars(select(Person).where(Person.handle == "luis")).one()
        same = {"program_id": program.id, "owner_id": luis.id, "created_at": NOW - timedelta(days=400)}
        new = [{"number": 100 + n, "name": f"Project {n}", **same, "state": "active"} for n in range(projects)]
        add_rows(session, Project, new)
        ids = session.scalars(select(Project.id).where(Project.number >= 100)).all()
        updates = [
            {
                "project_id": project,
                "period": f"{week:03d}",
                "author_id": luis.id,
                "posted_at": NOW - timedelta(days=7 * week + 2),
                "health": "green",
                "summary": "On track",
            }
            for project in ids
            for week in range(weeks)
        ]
        add_rows(session, StatusUpdate, updates)
        return program.id


@pytest.mark.parametrize(("projects", "weeks"), [(1, 1), (100, 3)])
def test_it_takes_as_many_statements_whatever_it_holds(town, projects, weeks):
    program = fill(town, projects, weeks)
    with town.database.read(1) as session, statements_of(session.get_bind()) as asked:
        built = rollup.build(session, program, Moment(NOW.date(), NOW))
    assert len(built.projects) == projects + 1
    read = [statement.split("FROM")[-1][:60] for statement in asked if statement.startswith("SELECT")]
    assert len(read) <= MOST, read
