from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Stakeholder(Owned):
    """Who has a stake in a program. Their labels are for its managers' eyes only."""

    __tablename__ = "stakeholder"
    __table_args__ = constraints(
        unique("number"),
        unique("external_id"),
        link("program_id", "program"),
        link("person_id", "person"),
        link("owner_id", "person"),
    )

    number: Mapped[int]
    external_id: Mapped[str | None]
    program_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    person_id: Mapped[int | None]
    power: Mapped[int]
    interest: Mapped[int]
    engagement_current: Mapped[str]
    engagement_desired: Mapped[str]
    """'unaware', 'resistant', 'neutral', 'supportive' or 'leading'."""
    cadence_days: Mapped[int | None]
    last_contact_on: Mapped[date | None]
    owner_id: Mapped[int]
    channel_preference: Mapped[str | None]
    notes: Mapped[str | None]
