"""Two addresses for a browser: where somebody begins to add the app, and where Slack sends them back to."""

import logging
import secrets
import threading
import time
from collections.abc import Sequence

from slack_sdk import WebClient
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.config import INSTALL_PATH, REDIRECT_PATH, Settings
from bot.installing import BEGUN_FOR, Declined, Installing
from bot.oauth import OAuth
from bot.runtime import Runtime
from bot.seal import Seal
from bot.views.install_page import POLICY, begin_page, declined_page, done_page

COOKIE = "__Host-stationmaster-install"
"""Browsers take a cookie of this name only over https, for this host alone and all of its paths."""

LONGEST = 512
"""Characters of what Slack sends back, or of a cookie of ours."""

A_SECOND, AT_ONCE = 5.0, 50.0
"""Installations that may be begun."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

logger = logging.getLogger(__name__)


def install_routes(runtime: Runtime, settings: Settings) -> Sequence[Route]:
    """None where the settings hold the only token."""
    if not settings.is_for_several:
        return ()

    def connect(token: str) -> WebClient:
        return WebClient(token, settings.slack_api_url, runtime.slack.timeout, runtime.slack.ssl, retry_handlers=[])

    seal = Seal([key.get_secret_value() for key in settings.keys])
    installing = Installing(runtime, settings, oauth=OAuth(settings, connect("")), seal=seal, connect=connect)
    return InstallPages(installing, settings).routes()


class Turnstile:
    """Lets so many through a second, and some at once: whoever calls the address does not fill the table."""

    def __init__(self, a_second: float = A_SECOND, at_once: float = AT_ONCE) -> None:
        self._a_second, self._at_once = a_second, at_once
        self._left, self._at = at_once, time.monotonic()
        self._lock = threading.Lock()

    def let_through(self) -> bool:
        with self._lock:
            now = time.monotonic()
            self._left = min(self._at_once, self._left + (now - self._at) * self._a_second)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


class InstallPages:
    def __init__(self, installing: Installing, settings: Settings, turnstile: Turnstile | None = None) -> None:
        self._installing = installing
        self._begin_again = settings.install_url or INSTALL_PATH
        self._turnstile = turnstile or Turnstile()

    def routes(self) -> Sequence[Route]:
        """Starlette runs them in threads of its own: nobody in Slack waits behind them."""
        return (Route(INSTALL_PATH, self.begin), Route(REDIRECT_PATH, self.come_back))

    def begin(self, request: Request) -> Response:
        """A browser that has begun before keeps its cookie, so that two tabs do not spoil each other."""
        if request.method == "HEAD":
            return HTMLResponse("", headers=HEADERS)
        if not self._turnstile.let_through():
            return self._declined("too_many")
        browser = _short(request.cookies.get(COOKIE)) or secrets.token_urlsafe(32)
        address = self._installing.begin(browser)
        answer = HTMLResponse(begin_page(address, is_open_to_all=self._installing.is_open_to_all), headers=HEADERS)
        answer.set_cookie(
            COOKIE,
            browser,
            max_age=int(BEGUN_FOR.total_seconds()),
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",
        )
        return answer

    def come_back(self, request: Request) -> Response:
        if request.method == "HEAD" or not self._turnstile.let_through():
            return self._declined("too_many")
        given = request.query_params
        state, browser = _short(given.get("state")), _short(request.cookies.get(COOKIE))
        try:
            if "error" in given:
                self._installing.give_up(state, browser)
                return self._declined("cancelled" if given["error"] == "access_denied" else "ended")
            done = self._installing.finish(state=state, browser=browser, code=_short(given.get("code")))
        except Declined as declined:
            return self._declined(declined.reason)
        except Exception as problem:  # whatever it is, a browser is told no more than that
            logger.error("an installation failed: %s", type(problem).__name__)
            return self._declined("failed")
        return HTMLResponse(done_page(done.name, done.link, is_org_wide=done.is_org_wide), headers=HEADERS)

    def _declined(self, reason: str) -> Response:
        status, page = declined_page(reason, self._begin_again)
        return HTMLResponse(page, status, headers=HEADERS)


def _short(text: str | None) -> str:
    """What is longer is nothing that we or Slack have made."""
    return text if text is not None and len(text) <= LONGEST else ""
