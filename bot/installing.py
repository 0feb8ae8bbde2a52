"""An installation that somebody begins in their browser and comes back with from Slack. Each is good for one return."""

import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.config import Settings
from bot.jobs.people import refresh_workspace
from bot.manifest import load_manifest
from bot.notices.installation import greet
from bot.oauth import OAuth, Tokens, tokens_of
from bot.runtime import Runtime
from bot.seal import Seal
from bot.services import installation as installations
from models.schemas.installation import Grant

Connect = Callable[[str], WebClient]
"""A client that speaks with this token."""

BEGUN_FOR = timedelta(minutes=10)

logger = logging.getLogger(__name__)


class Declined(Exception):
    """Nothing was installed. `reason` is the name of the page that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Installed:
    name: str
    """Of the workspace or organisation."""
    link: str
    """Back to Slack."""
    is_org_wide: bool


class Installing:
    def __init__(self, runtime: Runtime, settings: Settings, *, oauth: OAuth, seal: Seal, connect: Connect) -> None:
        self._runtime = runtime
        self._settings = settings
        self._oauth = oauth
        self._seal = seal
        self._connect = connect
        scopes = load_manifest()["oauth_config"]["scopes"]
        self.scopes: list[str] = scopes["bot"]
        self._needed = set(scopes["bot"]) - set(scopes.get("bot_optional", ()))

    @property
    def is_open_to_all(self) -> bool:
        return not self._settings.teams

    def begin(self, browser: str) -> str:
        """Slack's page where somebody agrees. `browser` is what this browser alone keeps."""
        state, now = secrets.token_urlsafe(32), self._runtime.now()
        with self._runtime.database.everywhere() as session:
            installations.begin(session, _digest(state, browser), now=now, until=now + BEGUN_FOR)
        return self._oauth.authorize_url(state, scopes=self.scopes)

    def give_up(self, state: str, browser: str) -> None:
        with self._runtime.database.everywhere() as session:
            installations.finish(session, _digest(state, browser), now=self._runtime.now())

    def finish(self, *, state: str, browser: str, code: str) -> Installed:
        """Raises Declined."""
        with self._runtime.database.everywhere() as session:
            begun = installations.finish(session, _digest(state, browser), now=self._runtime.now())
        if not begun:
            raise Declined("not_begun")
        if not code:
            raise Declined("no_code")
        try:
            granted = self._oauth.exchange_code(code)
            return self._take(granted, tokens_of(granted, now=self._runtime.now()))
        except SlackApiError as problem:
            logger.warning("an installation was not finished: Slack said %s", problem.response.get("error"))
            raise Declined("refused") from None
        except (OSError, HTTPException) as problem:
            logger.warning("an installation was not finished: %s", type(problem).__name__)
            raise Declined("unreached") from None

    def _take(self, granted: dict[str, Any], tokens: Tokens) -> Installed:
        slack = self._connect(tokens.token)
        slack_id = _id_of(granted)
        reason = self._objection(granted, slack_id)
        if reason is not None:
            self._give_back(slack, slack_id)
            raise Declined(reason)
        known = dict(slack.auth_test().data)  # type: ignore[arg-type]  # JSON, never bytes
        grant = self._sealed(granted, known, tokens, slack_id)
        self._remember(grant)
        enterprise = granted.get("enterprise") or {}
        name = str(enterprise.get("name") if grant.is_org_wide else known.get("team") or grant.team_name)
        logger.info("the app was installed in %s", slack_id)
        return Installed(name, self._link(grant, known), grant.is_org_wide)

    def _objection(self, granted: dict[str, Any], slack_id: str) -> str | None:
        with self._runtime.database.look() as connection:
            known_app = installations.app_id(connection)
        app_id = granted.get("app_id")
        if not slack_id or not app_id or granted.get("token_type") != "bot" or known_app not in (None, app_id):
            return "another_app"
        enterprise_id = (granted.get("enterprise") or {}).get("id")
        if self._settings.teams and not self._settings.teams & {slack_id, enterprise_id}:
            return "not_allowed"
        if not self._needed <= set(str(granted.get("scope", "")).split(",")):
            return "too_few_scopes"
        return None

    def _give_back(self, slack: WebClient, slack_id: str) -> None:
        """A token that we must not have. Where the app is installed already it may be the very same one."""
        with self._runtime.database.look() as connection:
            if installations.by_slack_id(connection, slack_id) is not None:
                return
        try:
            slack.auth_revoke()
        except (SlackApiError, OSError, HTTPException):
            logger.warning("a token that is not kept could not be given back")

    def _sealed(self, granted: dict[str, Any], known: dict[str, Any], tokens: Tokens, slack_id: str) -> Grant:
        return Grant(
            slack_id=slack_id,
            enterprise_id=(granted.get("enterprise") or {}).get("id"),
            app_id=granted["app_id"],
            bot_user_id=granted["bot_user_id"],
            scopes=granted["scope"],
            token=self._seal.close(tokens.token),
            refresh_token=self._seal.close(tokens.refresh_token) if tokens.refresh_token else None,
            expires_at=tokens.expires_at,
            installed_by=(granted.get("authed_user") or {}).get("id"),
            team_name=str(known.get("team") or ""),
            team_url=str(known.get("url") or ""),
        )

    def _remember(self, grant: Grant) -> None:
        runtime, now = self._runtime, self._runtime.now()
        with runtime.database.everywhere() as session:
            workspace = installations.remember(session, grant, now=now)
        assert runtime.tenants is not None
        runtime.tenants.look()
        if workspace is None:
            return
        if grant.installed_by:
            with runtime.database.write(workspace.id) as session:
                greet(session, grant.installed_by, now=now)
        runtime.later(partial(refresh_workspace, runtime, workspace.id))

    def _link(self, grant: Grant, known: dict[str, Any]) -> str:
        if grant.is_org_wide:
            return str(known.get("url") or "https://slack.com")
        return f"https://slack.com/app_redirect?app={grant.app_id}&team={grant.slack_id}"


def _digest(state: str, browser: str) -> str:
    """What we keep: who reads the table can finish nobody's installation, nor can another browser."""
    return hashlib.sha256(f"{state}.{browser}".encode()).hexdigest()


def _id_of(granted: dict[str, Any]) -> str:
    place = granted.get("enterprise") if granted.get("is_enterprise_install") else granted.get("team")
    return str((place or {}).get("id") or "")
