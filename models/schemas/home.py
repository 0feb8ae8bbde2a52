"""What a person's App Home shows."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from models.schemas.decision import DecisionCard
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.risk import RiskCard
from models.schemas.schedule import StatusAsk
from models.schemas.status import Health


class HomeProject(BaseModel):
    model_config = ConfigDict(frozen=True)

    place: Place
    health: Health | None
    last_posted_on: date | None
    open_risks: int
    extreme_risks: int
    mine: bool
    """The reader may post its status."""


class Home(BaseModel):
    model_config = ConfigDict(frozen=True)

    person: PersonCard | None
    today: date
    statuses: list[StatusAsk]
    risks: list[RiskCard]
    decisions: list[DecisionCard]
    projects: list[HomeProject]
    programs: list[HomeProject]
    next_ask_at: datetime | None
    next_ask_of: str | None
