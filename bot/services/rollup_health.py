"""What a program counts as, from the projects that the readers of its rollup may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from bot.domain import health as rules
from bot.domain.wall_time import local_date
from bot.services import parameters, people
from bot.services.rollup_program import Frame
from models.schemas.figures import Figures, ProgramFigures
from models.schemas.parameters import HealthRules
from models.schemas.plan import RollupMethod
from models.schemas.project import State
from models.schemas.rollup import Override, ProjectRow
from models.schemas.status import Health


@dataclass(frozen=True)
class ProgramHealth:
    added_up: Health | None
    figures: Health | None
    override: Override | None
    quality: int | None

    @property
    def final(self) -> Health | None:
        return self.override.health if self.override else self.added_up


def of_program(
    session: Session,
    figures: Figures,
    frame: Frame,
    rows: Sequence[ProjectRow],
    weights: Mapping[int, tuple[int, bool]],
    *,
    hides: bool,
    chosen: HealthRules | None = None,
) -> ProgramHealth:
    """`hides`: projects that these readers may not see, which show in no colour either. `chosen` are the program's
    rules where they are known already."""
    told = figures.programs[frame.program.id]
    at = _weighted_at(session, told, chosen)
    active = [row for row in rows if row.place.state is State.ACTIVE]

    def added_up(healths: Iterable[tuple[int, Health]]) -> Health | None:
        children = [rules.Child(health, *weights[project]) for project, health in healths]
        return rules.program_health(told.method, children, at)

    return ProgramHealth(
        added_up=added_up((row.place.id, row.health) for row in active),
        figures=added_up((row.place.id, row.figures.computed if row.figures else row.health) for row in active),
        override=_override(session, told, frame),
        quality=_mean_quality(figures, [row.place.id for row in active]) if hides else told.quality,
    )


def _weighted_at(session: Session, told: ProgramFigures, chosen: HealthRules | None) -> rules.WeightedAt:
    if told.method is not RollupMethod.WEIGHTED:
        return rules.WeightedAt()
    chosen = chosen or parameters.of_program(session, told.id).health
    return rules.WeightedAt(Fraction(str(chosen.amber_at)), Fraction(str(chosen.red_at)))


def _mean_quality(figures: Figures, project_ids: Collection[int]) -> int | None:
    told = (figures.projects.get(project) for project in project_ids)
    scores = [each.quality.score for each in told if each and each.quality]
    return round(sum(scores) / len(scores)) if scores else None


def _override(session: Session, told: ProgramFigures, frame: Frame) -> Override | None:
    if told.override is None:
        return None
    around = {person.id: person.handle for person in (frame.program.owner, frame.sponsor) if person}
    by = told.override.set_by_id
    handle = around.get(by) or people.cards(session, [by])[by].handle
    return Override(
        health=told.override.health,
        reason=told.override.reason,
        by=handle,
        until=local_date(told.override.expires_at, frame.program.tz),
    )
