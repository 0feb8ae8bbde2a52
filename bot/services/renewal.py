"""Tokens of installations that end: whose turn it is to renew one, and what became of it.

Everything here needs a unit across workspaces.
"""

from datetime import datetime

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.orm import Session

from bot.services.installation import CARDS, LIVE, by_id, card_of
from models.schemas.installation import InstallationCard
from models.tables import Installation


def due(connection: Connection, *, before: datetime, now: datetime) -> list[InstallationCard]:
    """Whose token ends soon, or could be made one that does, and that nobody renews now."""
    free = or_(Installation.refreshing_until.is_(None), Installation.refreshing_until <= now)
    ends = Installation.refresh_token.is_not(None) & (Installation.expires_at <= before)
    other = Installation.__table__.alias("other")
    rotates = select(other.c.id).where(other.c.refresh_token.is_not(None), other.c.revoked_at.is_(None)).exists()
    never = Installation.refresh_token.is_(None) & rotates
    return [card_of(row) for row in connection.execute(CARDS.where(free, or_(ends, never)).order_by(Installation.id))]


def take_turn(
    session: Session, installation_id: int, version: int, *, now: datetime, until: datetime
) -> InstallationCard | None:
    """To renew its token: a refresh token is good for one use, so exactly one process has it in its hands.

    None: another one does it, or has done it.
    """
    free = or_(Installation.refreshing_until.is_(None), Installation.refreshing_until <= now)
    mine = update(Installation).where(Installation.id == installation_id, Installation.version == version, LIVE, free)
    taken = session.execute(
        mine.values(refreshing_until=until).returning(Installation.id),
        execution_options={"synchronize_session": False},
    )
    return None if taken.scalar_one_or_none() is None else by_id(session.connection(), installation_id)


def renewed(
    session: Session,
    installation_id: int,
    version: int,
    *,
    token: str,
    refresh_token: str | None,
    expires_at: datetime | None,
) -> bool:
    """False: it was installed anew or removed meanwhile, and that holds."""
    same = update(Installation).where(Installation.id == installation_id, Installation.version == version, LIVE)
    done = session.execute(
        same.values(
            token=token,
            refresh_token=refresh_token,
            expires_at=expires_at,
            refreshing_until=None,
            version=version + 1,
        ).returning(Installation.id),
        execution_options={"synchronize_session": False},
    )
    return done.scalar_one_or_none() is not None


def not_renewed(session: Session, installation_id: int, version: int, *, until: datetime) -> None:
    """The token that we have stays; the next attempt is then."""
    same = update(Installation).where(Installation.id == installation_id, Installation.version == version)
    session.execute(same.values(refreshing_until=until), execution_options={"synchronize_session": False})


def seal_anew(session: Session, card: InstallationCard, *, token: str, refresh_token: str | None) -> None:
    """The same tokens under the newest key; not where they were renewed meanwhile."""
    same = update(Installation).where(Installation.id == card.id, Installation.token == card.token)
    session.execute(
        same.values(token=token, refresh_token=refresh_token), execution_options={"synchronize_session": False}
    )
