"""The page where somebody agrees that an app comes into the workspace, and how it is removed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.sandbox.answers import Json, SlackRefused
from bot.sandbox.courier import Courier
from bot.sandbox.tokens import Tokens
from bot.sandbox.workspace import Workspace


@dataclass(frozen=True)
class Asked:
    """What the app's link to the page says."""

    scopes: tuple[str, ...]
    state: str
    redirect_uri: str

    @classmethod
    def of(cls, ws: Workspace, query: Mapping[str, str]) -> "Asked":
        if query.get("client_id") != ws.identity.client_id:
            raise SlackRefused("invalid_client_id")
        address = query.get("redirect_uri", "")
        if not any(address.startswith(allowed) for allowed in ws.installed.redirect_urls):
            raise SlackRefused("bad_redirect_uri")
        return cls(tuple(filter(None, query.get("scope", "").split(","))), query.get("state", ""), address)

    def back(self, **said: str) -> str:
        """Where the browser goes from here."""
        return f"{self.redirect_uri}?{urlencode({**said, 'state': self.state})}"


@dataclass(frozen=True)
class Consent:
    ws: Workspace
    courier: Courier

    def allowed(self, user: str, address: str, *, org_wide: bool = False) -> str:
        """Somebody who may install apps agrees. The address that their browser is sent to."""
        asked = self.asked(address)
        self._require_installer(user)
        tokens = self._tokens(org_wide=org_wide)
        with self.ws.changing():
            code = tokens.new_code(user, asked.scopes, asked.redirect_uri)
        return asked.back(code=code)

    def refused(self, address: str) -> str:
        return self.asked(address).back(error="access_denied")

    def asked(self, address: str) -> Asked:
        return Asked.of(self.ws, dict(parse_qsl(urlsplit(address).query)))

    def remove(self, *events: str, org_wide: bool = False) -> None:
        """The app is taken out: nothing that it holds works any more, and it is told, in whatever order."""
        tokens = self._tokens(org_wide=org_wide)
        payloads = [self._told(event, tokens) for event in events or ("app_uninstalled", "tokens_revoked")]
        with self.ws.changing():
            tokens.end_all()
        for event, payload in payloads:
            self.courier.send_event(event, "", payload)

    def change_teams(self, name: str, teams: list[str]) -> None:
        """`team_access_granted` or `team_access_revoked`: told to the installation of the organisation."""
        event: Json = {"type": name, "team_ids": teams}
        self.courier.send_event(event, "", self._envelope(event, is_wide=True))

    def _told(self, name: str, tokens: Tokens) -> tuple[Json, Json]:
        event: Json = {"type": name}
        if name == "tokens_revoked":
            event["tokens"] = {"oauth": [], "bot": [self.ws.bot_user_id]}
        return event, self._envelope(event, is_wide=tokens.is_org_wide)

    def _envelope(self, event: Json, *, is_wide: bool) -> Json:
        """As Slack sends these: without authorizations, for there is none any more."""
        identity = self.ws.identity
        with self.ws.changing():
            payload = self.courier.payloads.event(event)
        payload["authorizations"] = []
        payload["is_enterprise_install"] = is_wide
        payload["team_id"] = identity.enterprise_id if is_wide else identity.team_id
        return payload

    def _tokens(self, *, org_wide: bool) -> Tokens:
        if not org_wide:
            return self.ws.tokens
        if self.ws.tokens.wide is None or not self.ws.installed.org_ready:
            raise SlackRefused("this app cannot be installed in an organisation")
        return self.ws.tokens.wide

    def _require_installer(self, user: str) -> None:
        with self.ws.reading() as world:
            member = world.members.get(user)
        if member is None or member.is_restricted or member.is_bot or member.deleted:
            raise SlackRefused(f"{user} may not install apps")
