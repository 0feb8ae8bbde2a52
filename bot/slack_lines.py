"""The connections themselves, by urllib3. Whether a call can have reached Slack is known for each that fails."""

import logging
from functools import partial
from http.client import HTTPException
from ssl import SSLContext
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.util import make_headers, parse_url

from bot.errors import Unreached

IDLE = 20.0
"""Seconds without a call after which a connection is not used again: long before a server hangs up on it, which in the
moment of a call would leave it unknown whether Slack has read that call."""

KEPT = 16
"""Connections that stay open between calls."""

logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # one connection more than are kept is no warning


class _NoLine(Exception):
    """Before anything of a call was sent. No error that urllib3 would take for one of its own."""


class _Kept(HTTPConnection):
    """Knows when it was of use, and whether it ever stood."""

    def __init__(self, *args: Any, idle: float, **options: Any) -> None:
        super().__init__(*args, **options)
        self._idle, self._of_use_at = idle, 0.0

    def connect(self) -> None:
        try:
            super().connect()
        except Exception as problem:
            raise _NoLine from problem
        self._of_use_at = monotonic()

    def getresponse(self) -> Any:
        response = super().getresponse()
        self._of_use_at = monotonic()
        return response

    @property
    def is_connected(self) -> bool:
        """Asked before it is used again: one that the other side has ended, or may be about to end, is opened anew."""
        return super().is_connected and monotonic() - self._of_use_at < self._idle


class _KeptSecure(_Kept, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Kept


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _KeptSecure


class Lines:
    def __init__(self, context: SSLContext | None, *, idle: float = IDLE) -> None:
        self._context, self._idle = context, idle
        self._managers: dict[str | None, PoolManager] = {}

    def post(
        self, url: str, body: bytes, headers: dict[str, str], *, timeout: float, proxy: str | None
    ) -> BaseHTTPResponse:
        """Raises Unreached where nothing was sent, and else what broke: an OSError or an HTTPException."""
        manager = self._manager(None if proxy_bypass(urlsplit(url).hostname or "") else proxy)
        allowed = Timeout(connect=timeout, read=timeout)
        try:
            return manager.urlopen("POST", url, body=body, headers=headers, timeout=allowed, redirect=False)
        except _NoLine as problem:
            raise Unreached(_first(problem)) from None
        except HTTPError as problem:
            raise _what_broke(problem) from None

    def _manager(self, proxy: str | None) -> PoolManager:
        """Two threads that meet here at the start each make one, and the second stays."""
        if proxy not in self._managers:
            self._managers[proxy] = _new_manager(self._context, proxy, self._idle)
        return self._managers[proxy]


def _new_manager(context: SSLContext | None, proxy: str | None, idle: float) -> PoolManager:
    options: dict[str, Any] = {"ssl_context": context, "maxsize": KEPT, "retries": False}
    if proxy is None:
        manager = PoolManager(**options)
    else:
        address = proxy if "://" in proxy else f"http://{proxy}"
        manager = ProxyManager(address, proxy_headers=_login(address), **options)
    pools: Any = {"http": partial(_Pool, idle=idle), "https": partial(_SecurePool, idle=idle)}
    manager.pool_classes_by_scheme = pools
    return manager


def _login(proxy: str) -> dict[str, str]:
    return dict(make_headers(proxy_basic_auth=parse_url(proxy).auth or None))


def _first(problem: BaseException) -> BaseException:
    """What the system said, under what was made of it on its way."""
    while problem.__cause__ is not None:
        problem = problem.__cause__
    return problem


def _what_broke(problem: HTTPError) -> Exception:
    if isinstance(problem, ReadTimeoutError):
        return TimeoutError("no answer in time")
    inner = [part for part in (problem, *problem.args) if isinstance(part, OSError | HTTPException)]
    return inner[0] if inner else ConnectionError(type(problem).__name__)
