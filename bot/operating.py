"""`./run workspaces`: where the app is installed, and how to be rid of one. Never with a token."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import RemoteClock, SystemClock
from bot.config import Settings
from bot.database import Database
from bot.errors import UserError
from bot.jobs.installation import erase_rows
from bot.migrate import migrate
from bot.services import erasing, operating
from bot.services import installation as installations
from models.schemas.installation import Tenant


@dataclass(frozen=True)
class Gone:
    """What is, or would be, deleted."""

    workspaces: Sequence[tuple[int, str]]
    rows: int


def run_workspaces(settings: Settings, *, as_json: bool) -> int:
    database = Database(settings.database_url)
    try:
        migrate(database)
        with database.everywhere() as session:
            found = operating.tenants(session)
    finally:
        database.close()
    if as_json:
        _say(json.dumps({"workspaces": [tenant.model_dump(mode="json") for tenant in found]}, indent=2))
        return 0
    now = _now(settings)
    _say(*(_line(tenant, now) for tenant in found), *([] if found else ["The app is installed nowhere yet."]))
    return 0


def run_erase(settings: Settings, slack_id: str, *, is_sure: bool) -> int:
    """Raises UserError where nobody is called so."""
    database, now = Database(settings.database_url), _now(settings)
    try:
        migrate(database)
        gone = _gone(database, slack_id)
        names = ", ".join(team for _, team in gone.workspaces) or slack_id
        if not is_sure:
            _say(
                f"{names}: {gone.rows} rows would be deleted, and the token. This cannot be undone.",
                f"./run workspaces erase {slack_id} --yes does it.",
            )
            return 1
        _erase(database, slack_id, gone, now)
    finally:
        database.close()
    _say(
        f"{names}: {gone.rows} rows are deleted, and the token.", "In Slack, remove the app too, if it is still there."
    )
    return 0


def _gone(database: Database, slack_id: str) -> Gone:
    with database.everywhere() as session:
        mine = operating.workspaces_of(session, slack_id)
        if not mine and not operating.is_known(session, slack_id):
            raise UserError(f"This database knows no {slack_id}: ./run workspaces lists all")
        return Gone(mine, sum(sum(erasing.counts(session, number).values()) for number, _ in mine))


def _erase(database: Database, slack_id: str, gone: Gone, now: datetime) -> None:
    """First it stops, in every process that runs; then its rows go."""
    with database.everywhere() as session:
        installations.end(session, slack_id, sent_at=None, now=now, erase_at=now)
        for number, _ in gone.workspaces:
            operating.stop_now(session, number, now=now)
    for number, _ in gone.workspaces:
        erase_rows(database, number, now=now)
    with database.everywhere() as session:
        erasing.drop_ended(session)


def _line(tenant: Tenant, now: datetime) -> str:
    return f"{tenant.team_id}  {tenant.name or '(no name)'}: {_state(tenant, now)}"


def _state(tenant: Tenant, now: datetime) -> str:
    if tenant.uninstalled_at is not None and tenant.erase_at is not None:
        gone = f"{tenant.uninstalled_at:%Y-%m-%d}"
        return f"the app was removed on {gone}; all that is known of it is deleted on {tenant.erase_at:%Y-%m-%d}"
    if tenant.installed_at is None:
        return "by the token in the settings, if there is one"
    whole = f", with all of {tenant.enterprise_id}" if tenant.is_org_wide else ""
    ended = tenant.expires_at is not None and tenant.expires_at <= now
    trouble = "; its token has ended and was not renewed: install the app again" if ended else ""
    return f"installed on {tenant.installed_at:%Y-%m-%d}{whole}{trouble}"


def _now(settings: Settings) -> datetime:
    return (RemoteClock(settings.clock_url) if settings.clock_url else SystemClock()).now()


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
