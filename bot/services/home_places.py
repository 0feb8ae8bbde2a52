"""The programs and projects that a person answers for, the worst first, with what they were last said to be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import FromClause, Row, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from bot.domain import status as rules
from bot.domain.wall_time import local_date
from bot.services import delivery, run_rules, status
from bot.services.home_lists import ME, PROGRAM, PROJECT, RISK, Reader
from bot.services.places import OPEN
from models.schemas.home import HomePlace, HomeProject, Stretch
from models.schemas.parameters import DEFAULTS
from models.schemas.project import PlaceKind, State
from models.schemas.risk import ACTIVE, Band, Kind
from models.schemas.status import Freshness, Health
from models.tables import StatusUpdate
from models.tables.unit import THIS_WORKSPACE, fetch, this_workspace

MOST_PROJECTS = 5
"""Of one program, in the program's own lines."""

_UPDATE = StatusUpdate.__table__
_CURRENT = _UPDATE.alias("current")


@dataclass(frozen=True)
class _Project:
    row: Row[Any]
    health: Health
    freshness: Freshness

    @property
    def rank(self) -> tuple[int, str]:
        return rules.WORST_FIRST.index(self.health), self.row.name

    @property
    def is_old(self) -> bool:
        """Only what goes on can be silent for too long."""
        return self.row.state == State.ACTIVE and self.freshness is not Freshness.FRESH

    @property
    def was(self) -> Health | None:
        """What it changed from with its last update, where that update still holds."""
        before = Health(self.row.previous_health) if self.row.previous_health else None
        return before if self.row.health == self.health and before is not self.health else None


@dataclass(frozen=True)
class _Place:
    kind: PlaceKind
    row: Row[Any]
    health: Health | None
    projects: Sequence[_Project] = field(default_factory=list)
    """Of a program all its open ones, the worst first; a project itself."""

    @property
    def rank(self) -> tuple[bool, int, str]:
        health = len(rules.WORST_FIRST) if self.health is None else rules.WORST_FIRST.index(self.health)
        return self.kind is PlaceKind.PROJECT, health, self.row.name

    @property
    def lines(self) -> Sequence[_Project]:
        return self.projects[:MOST_PROJECTS]


@dataclass(frozen=True)
class _Links:
    updates: Mapping[str, str]
    base: str

    def to(self, project: _Project) -> str | None:
        """Its last update; where that stands nowhere, its channel."""
        channel = f"{self.base}archives/{project.row.channel}" if project.row.channel else None
        return self.updates.get(status.card_key(project.row.update_id)) or channel


def page(session: Session, reader: Reader, *, start: int, most: int) -> Stretch[HomePlace]:
    """All are ranked from a few columns each; what more there is to say is read for those that are shown."""
    everything = sorted([*_programs(session, reader), *_projects(session, reader)], key=lambda place: place.rank)
    shown = everything[start : start + most]
    risks = _risks(session, shown)
    keys = {status.card_key(each.row.update_id) for place in shown for each in place.lines}
    links = _Links(delivery.links(session, keys), this_workspace(session).url)
    items = [_shown(place, reader, risks.get((place.kind, place.row.id), (0, 0)), links) for place in shown]
    return Stretch(items=items, total=len(everything), start=start)


def _projects(session: Session, reader: Reader) -> list[_Place]:
    mine = [_project(session, row, reader) for row in fetch(session, _MY_PROJECTS, me=reader.person.id)]
    return [_Place(PlaceKind.PROJECT, each.row, each.health, [each]) for each in mine]


def _programs(session: Session, reader: Reader) -> list[_Place]:
    inside: dict[int, list[_Project]] = {}
    for row in fetch(session, _IN_MY_PROGRAMS, me=reader.person.id):
        inside.setdefault(row.program_id, []).append(_project(session, row, reader))
    places = []
    for row in fetch(session, _MY_PROGRAMS, me=reader.person.id):
        projects = sorted(inside.get(row.id, ()), key=lambda project: project.rank)
        worst = rules.worst_of(project.health for project in projects)
        places.append(_Place(PlaceKind.PROGRAM, row, worst, projects))
    return places


def _project(session: Session, row: Row[Any], reader: Reader) -> _Project:
    run = run_rules.read(session, row).get("rules", DEFAULTS)
    freshness = status.freshness_by(run.status, row.posted_at, reader.now)
    reported = Health(row.health) if row.health else None
    return _Project(row, rules.effective_health(State(row.state), reported, freshness), freshness)


def _risks(session: Session, places: Iterable[_Place]) -> dict[tuple[PlaceKind, int], tuple[int, int]]:
    """Open threats of these places and how many of them are Extreme; a program counts those of its projects too."""
    ids = {kind: [place.row.id for place in places if place.kind is kind] for kind in PlaceKind}
    found = {}
    for kind, statement in _RISKS.items():
        for row in fetch(session, statement, ids=ids[kind]):
            found[kind, row.id] = (row.total, row.extreme)
    return found


def _shown(place: _Place, reader: Reader, risks: tuple[int, int], links: _Links) -> HomePlace:
    is_project = place.kind is PlaceKind.PROJECT
    values: dict[str, Any] = {}
    lines = [_line(each, reader, links) for each in place.lines]
    if is_project:
        values = {"posted_on": lines[0].posted_on, "is_old": place.projects[0].is_old, "link": lines[0].link}
    return HomePlace(
        kind=place.kind,
        id=place.row.id,
        name=place.row.name,
        channel=place.row.channel,
        health=place.health,
        open_risks=risks[0],
        extreme_risks=risks[1],
        projects=[] if is_project else lines,
        other_projects=len(place.projects) - len(lines),
        **values,
    )


def _line(project: _Project, reader: Reader, links: _Links) -> HomeProject:
    posted_on = local_date(project.row.posted_at, reader.person.tz) if project.row.posted_at else None
    silent = (reader.today - posted_on).days if posted_on and project.is_old else None
    return HomeProject(
        name=project.row.name,
        health=project.health,
        was=project.was,
        days_silent=silent,
        posted_on=posted_on,
        link=links.to(project),
    )


def _with_update() -> FromClause:
    """Projects with their current update, where they have one, and with how their program is run."""
    newest = select(_UPDATE.c.id).where(
        _UPDATE.c.workspace_id == THIS_WORKSPACE,
        _UPDATE.c.project_id == PROJECT.c.id,
        _UPDATE.c.superseded_by_id.is_(None),
    )
    one = newest.order_by(_UPDATE.c.posted_at.desc()).limit(1).correlate(PROJECT).scalar_subquery()
    joined = PROJECT.outerjoin(_CURRENT, and_(_CURRENT.c.id == one, _CURRENT.c.workspace_id == THIS_WORKSPACE))
    return joined.outerjoin(run_rules.VERSIONS, run_rules.of_program(PROJECT.c.program_id))


def _open_projects(source: FromClause) -> Select[Any]:
    of_project = [PROJECT.c[name] for name in ("id", "name", "channel", "state", "program_id")]
    of_update = [_CURRENT.c[name] for name in ("posted_at", "health", "previous_health")]
    columns = [*of_project, *of_update, _CURRENT.c.id.label("update_id"), *run_rules.COLUMNS]
    return (
        select(*columns).select_from(source).where(PROJECT.c.workspace_id == THIS_WORKSPACE, PROJECT.c.state.in_(OPEN))
    )


_RUN_BY_ME = and_(
    PROGRAM.c.workspace_id == THIS_WORKSPACE,
    or_(PROGRAM.c.manager_id == ME, PROGRAM.c.sponsor_id == ME),
    PROGRAM.c.state.in_(OPEN),
)
_MY_PROJECTS = _open_projects(_with_update()).where(or_(PROJECT.c.owner_id == ME, PROJECT.c.backup_id == ME))
_MY_PROGRAMS = select(PROGRAM.c.id, PROGRAM.c.name, PROGRAM.c.channel).where(_RUN_BY_ME)
_IN_MY_PROGRAMS = _open_projects(_with_update().join(PROGRAM, PROGRAM.c.id == PROJECT.c.program_id)).where(_RUN_BY_ME)


def _counted(column: Any) -> Select[Any]:
    extreme = func.sum(case((RISK.c.band == Band.EXTREME, 1), else_=0)).label("extreme")
    open_threats = (RISK.c.workspace_id == THIS_WORKSPACE, RISK.c.kind == Kind.THREAT, RISK.c.status.in_(ACTIVE))
    here = column.in_(bindparam("ids", expanding=True))
    return select(column.label("id"), func.count().label("total"), extreme).where(*open_threats, here).group_by(column)


_RISKS = {PlaceKind.PROJECT: _counted(RISK.c.project_id), PlaceKind.PROGRAM: _counted(RISK.c.program_id)}
