"""How the programs of a portfolio file are run, and which of them had their health set by hand."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.services.importing_people import People
from bot.services.parameters import set_parameters
from models.schemas.parameters import DEFAULTS
from models.schemas.portfolio import Portfolio, ProgramRecord
from models.schemas.portfolio_parameters import ParametersRecord
from models.tables import HealthOverride
from models.tables.unit import add_row

REASON = "imported"


def take_parameters(
    session: Session, portfolio: Portfolio, records: Iterable[ProgramRecord], ids: Mapping[str, int], *, now: datetime
) -> None:
    """Of new programs, and only where the file says something else than our defaults."""
    told = portfolio.operating_parameters or ParametersRecord()
    for record in records:
        parameters = record.parameters or told.as_kept(record.rollup)
        if parameters != DEFAULTS:
            set_parameters(session, ids[record.id], parameters, by_id=None, reason=REASON, now=now)


def take_overrides(session: Session, records: Iterable[ProgramRecord], ids: Mapping[str, int], people: People) -> None:
    for record in records:
        if record.override is not None:
            told = record.override.model_dump(exclude={"by"})
            add_row(
                session,
                HealthOverride,
                program_id=ids[record.id],
                set_by_id=people.ids[record.override.by],
                **told | {"health": record.override.health.value},
            )
