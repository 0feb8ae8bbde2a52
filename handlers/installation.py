"""Slack says that the app was removed, or may be used in more workspaces, or in fewer."""

import logging
from datetime import UTC, datetime

from bot.runtime import Runtime
from bot.services import installation as installations
from bot.services import workspace as workspaces
from handlers.feature import Feature, Notice

logger = logging.getLogger(__name__)


def removed(notice: Notice) -> None:
    _end(notice)


def tokens_revoked(notice: Notice) -> None:
    """Of people's tokens we have none."""
    tokens = notice.event.get("tokens")
    if isinstance(tokens, dict) and tokens.get("bot"):
        _end(notice)


def more_teams(notice: Notice) -> None:
    """Known before they say anything, so that what was left there goes on."""
    tenants = notice.runtime.tenants
    wide = tenants.wide(notice.enterprise_id) if tenants else None
    if tenants is None or wide is None:
        return
    with notice.runtime.database.everywhere() as session:
        for team_id in notice.teams:
            installations.meet(session, wide, team_id)
    tenants.look()


def fewer_teams(notice: Notice) -> None:
    if notice.runtime.tenants is None or notice.enterprise_id is None:
        return
    now = notice.now
    with notice.runtime.database.everywhere() as session:
        stopped = installations.leave_teams(
            session, notice.enterprise_id, notice.teams, now=now, erase_at=now + notice.runtime.keeps
        )
        installations.give_back(session, stopped)
    notice.runtime.tenants.look()


def _end(notice: Notice) -> None:
    """Whatever is under way stops; nothing that was queued leaves; what we know of it is deleted in its time."""
    runtime, now = notice.runtime, notice.now
    if runtime.tenants is None:
        _end_the_only_one(runtime, notice)
        return
    with runtime.database.everywhere() as session:
        stopped = installations.end(
            session, _whose(notice), sent_at=_sent_at(notice), now=now, erase_at=now + runtime.keeps
        )
        installations.give_back(session, stopped)
    runtime.tenants.look()
    if (served := runtime.tenants.served(notice.team_id)) is not None:
        runtime.tenants.suspect(served.workspace_id)
    logger.info("the app was removed from %s: %s workspaces are left", _whose(notice), len(stopped))


def _end_the_only_one(runtime: Runtime, notice: Notice) -> None:
    with runtime.database.everywhere() as session:
        card = workspaces.by_team(session, notice.team_id or "")
        if card is None or card.id not in runtime.serves:
            return
        installations.stop_only(session, card.id, now=notice.now, erase_at=notice.now + runtime.keeps)
        installations.give_back(session, [card.id])
    runtime.serves.discard(card.id)


def _whose(notice: Notice) -> str:
    """The workspace's own installation, or the organisation's: where one stands in for the other both may be meant."""
    return (notice.enterprise_id or "") if notice.is_org_wide or notice.team_id is None else notice.team_id


def _sent_at(notice: Notice) -> datetime | None:
    seconds = notice.payload.get("event_time")
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


FEATURE = Feature(
    notices={
        "app_uninstalled": removed,
        "tokens_revoked": tokens_revoked,
        "team_access_granted": more_teams,
        "team_access_revoked": fewer_teams,
    },
)
