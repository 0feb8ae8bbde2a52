"""Tokens that end: renewed by exactly one process, ahead of time, or when one turns out to have ended."""

import logging
from datetime import timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.database import Database
from bot.services import installation as installations
from bot.services import renewal
from models.schemas.installation import InstallationCard

if TYPE_CHECKING:
    from bot.oauth import OAuth, Tokens
    from bot.seal import Seal

AHEAD = timedelta(hours=2)
"""Before a token ends it is renewed: long enough that a Slack that is away for a while does no harm."""

TURN = timedelta(seconds=60)
"""More than twice as long as the exchange may take."""

AGAIN_AFTER = timedelta(minutes=5)

SAVES = 5
"""Attempts at saving a new token: nobody else has it, and what it was exchanged for is spent."""

logger = logging.getLogger(__name__)


class Renewing:
    def __init__(self, database: Database, clock: Clock, seal: "Seal", oauth: "OAuth") -> None:
        self._database = database
        self._clock = clock
        self._seal = seal
        self._oauth = oauth

    def renew_due(self) -> None:
        """One that fails is tried again soon, and the others go on."""
        now = self._clock.now()
        with self._database.look() as connection:
            due = renewal.due(connection, before=now + AHEAD, now=now)
        for card in due:
            try:
                self.renew(card.id, card.version)
            except Exception as problem:  # never with what it says: it may hold what is sealed
                logger.error("the token of %s was not renewed: %s", card.slack_id, type(problem).__name__)

    def renew(self, installation_id: int, version: int) -> bool:
        """Whether it is renewed. The token that we have stays in use until the new one is saved."""
        now = self._clock.now()
        with self._database.everywhere() as session:
            card = renewal.take_turn(session, installation_id, version, now=now, until=now + TURN)
        if card is None:
            return False
        try:
            self._exchange(card)
        except (SlackApiError, OSError, HTTPException) as problem:
            self._put_off(card, problem)
            return False
        return True

    def _exchange(self, card: InstallationCard) -> None:
        now = self._clock.now()
        if card.refresh_token is None:
            fresh = self._oauth.begin_rotation(self._seal.open(card.token, whose=card.slack_id), now=now)
        else:
            fresh = self._oauth.refresh(self._seal.open(card.refresh_token, whose=card.slack_id), now=now)
        for last in range(SAVES):
            try:
                self._save(card, fresh)
                return
            except SQLAlchemyError:
                if last == SAVES - 1:
                    raise
                self._clock.wait(1)

    def _save(self, card: InstallationCard, fresh: "Tokens") -> None:
        with self._database.everywhere() as session:
            renewal.renewed(
                session,
                card.id,
                card.version,
                token=self._seal.close(fresh.token),
                refresh_token=self._seal.close(fresh.refresh_token) if fresh.refresh_token else None,
                expires_at=fresh.expires_at,
            )

    def _put_off(self, card: InstallationCard, problem: Exception) -> None:
        word = problem.response.get("error") if isinstance(problem, SlackApiError) else type(problem).__name__
        logger.warning("the token of %s was not renewed: %s", card.slack_id, word)
        with self._database.everywhere() as session:
            renewal.not_renewed(session, card.id, card.version, until=self._clock.now() + AGAIN_AFTER)

    def seal_anew(self) -> int:
        """Whatever an older key sealed, so that this key can be dropped. How many there were."""
        with self._database.look() as connection:
            old = [card for card in installations.live(connection) if self._is_old(card)]
        for card in old:
            anew = self._seal.anew(card.token, whose=card.slack_id)
            refresh = self._seal.anew(card.refresh_token, whose=card.slack_id) if card.refresh_token else None
            with self._database.everywhere() as session:
                renewal.seal_anew(session, card, token=anew, refresh_token=refresh)
        return len(old)

    def check_all(self) -> None:
        """Raises CannotOpen where a token was sealed with a key that we do not have."""
        with self._database.look() as connection:
            for card in installations.live(connection):
                for sealed in filter(None, (card.token, card.refresh_token)):
                    self._seal.open(sealed, whose=card.slack_id)

    def _is_old(self, card: InstallationCard) -> bool:
        return any(self._seal.is_old(sealed) for sealed in (card.token, card.refresh_token) if sealed)
