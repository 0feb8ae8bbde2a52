"""The clock's door to installations: tokens are renewed in time, and workspaces that removed the app are forgotten."""

import logging
from datetime import datetime
from http.client import HTTPException

from slack_sdk.errors import SlackApiError
from sqlalchemy import Table

from bot.database import Database
from bot.runtime import NotInstalled, Runtime, Tenants
from bot.services import erasing
from bot.services import installation as installations
from bot.tenants import SURE_AFTER

GONE = frozenset({"account_inactive", "token_revoked"})

logger = logging.getLogger(__name__)


def look_after_tokens(runtime: Runtime) -> None:
    tenants = runtime.tenants
    if tenants is None or tenants.renewing is None:
        return
    tenants.renewing.renew_due()
    tenants.look()
    for workspace_id, since in list(tenants.suspects.items()):
        if runtime.now() - since >= SURE_AFTER:
            _ask(runtime, tenants, workspace_id)


def seal_anew(runtime: Runtime) -> None:
    """With the newest key, so that an older one can be dropped from the settings."""
    if runtime.tenants is not None and runtime.tenants.renewing is not None:
        number = runtime.tenants.renewing.seal_anew()
        if number:
            logger.info("%s tokens are sealed with the newest key now", number)


def erase_left(runtime: Runtime) -> None:
    """Each in many small transactions; what is not done when the process ends is done by the next one."""
    with runtime.database.look() as connection:
        over = erasing.to_erase(connection, now=runtime.now())
    for workspace_id in over:
        try:
            erase_rows(runtime.database, workspace_id, now=runtime.now())
        except Exception:
            logger.exception("workspace %s is not erased yet; trying again", workspace_id)


def erase_rows(database: Database, workspace_id: int, *, now: datetime) -> None:
    """Nothing, where the app has come back."""
    with database.everywhere() as session:
        if not erasing.let_go(session, workspace_id, now=now):
            return
    for table in erasing.OWNED:
        while _erased_some(database, workspace_id, table):
            pass
    with database.everywhere() as session:
        erasing.finish(session, workspace_id)
        erasing.drop_ended(session)
    logger.info("all that was known of workspace %s is deleted", workspace_id)


def _erased_some(database: Database, workspace_id: int, table: Table) -> int:
    with database.everywhere() as session:
        return erasing.erase_some(session, workspace_id, table)


def _ask(runtime: Runtime, tenants: Tenants, workspace_id: int) -> None:
    """Slack tells once that an app was removed; whoever did not hear it finds out here."""
    tenants.suspects.pop(workspace_id, None)
    try:
        runtime.within(workspace_id).slack.auth_test()
    except NotInstalled:
        return
    except SlackApiError as problem:
        if problem.response.get("error") in GONE:
            _believe(runtime, tenants, workspace_id)
    except (OSError, HTTPException):
        tenants.suspect(workspace_id)


def _believe(runtime: Runtime, tenants: Tenants, workspace_id: int) -> None:
    served = tenants.of_workspace(workspace_id)
    if served is None:
        return
    now = runtime.now()
    slack_id = (served.enterprise_id or "") if served.is_org_wide else served.team_id
    with runtime.database.everywhere() as session:
        stopped = installations.end(session, slack_id, sent_at=None, now=now, erase_at=now + runtime.keeps)
        installations.give_back(session, stopped)
    tenants.look()
    logger.warning("Slack takes the token of %s no more: the app was removed there", slack_id)
