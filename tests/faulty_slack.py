"""Beyond the sandbox's own faults: Slack refuses with any word, or the process dies while it asks."""

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any
from urllib.error import URLError

from slack_sdk.web import SlackResponse

from tests.slack_client import SandboxClient

Call = Callable[[], SlackResponse]
"""The call as it would have gone well."""

Fault = Callable[[Call, "FaultySlack"], SlackResponse]


class Killed(BaseException):
    """The process ends here: no handler of ours catches it, as none catches SIGKILL."""


class FaultySlack(SandboxClient):
    """`will("chat.postMessage", fault, …)`: the next calls of the method go wrong so, one fault each."""

    def __init__(self, sandbox: Any) -> None:
        super().__init__(sandbox)
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def will(self, method: str, *faults: Fault) -> None:
        self._faults[method].extend(faults)

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:
        def call() -> SlackResponse:
            return SandboxClient.api_call(self, api_method, **request)

        waiting = self._faults[api_method]
        return waiting.popleft()(call, self) if waiting else call()

    def count(self, method: str) -> int:
        """How many calls of the method reached Slack."""
        return len([call for call in self.sandbox.calls if call.method == method])


def refuses(error: str, *, status: int = 200, retry_after: int | None = None) -> Fault:
    """Nothing is done, and Slack says why."""

    def fault(call: Call, slack: FaultySlack) -> SlackResponse:
        response = SlackResponse(
            client=slack,
            http_verb="POST",
            api_url="",
            req_args={},
            data={"ok": False, "error": error},
            headers={} if retry_after is None else {"Retry-After": str(retry_after)},
            status_code=status,
        )
        return response.validate()

    return fault


def is_unreachable(call: Call, slack: FaultySlack) -> SlackResponse:
    raise URLError(ConnectionRefusedError("nobody listens"))


def dies_before(call: Call, slack: FaultySlack) -> SlackResponse:
    raise Killed("before the call")


def dies_after(call: Call, slack: FaultySlack) -> SlackResponse:
    call()
    raise Killed("with the answer in hand")


def runs(step: Callable[[], object]) -> Fault:
    """Something else happens while the call is under way."""

    def fault(call: Call, slack: FaultySlack) -> SlackResponse:
        step()
        return call()

    return fault


def fails_with(problem: Exception) -> Fault:
    def fault(call: Call, slack: FaultySlack) -> SlackResponse:
        raise problem

    return fault
