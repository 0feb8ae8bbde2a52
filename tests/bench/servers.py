"""The two sides: the reference and the bot, each as it would be run, and the bot with a command that does nothing."""

from contextlib import ExitStack

from tests.bench.office import Office
from tests.bench.payloads import NOOP, SECRET
from tests.bench.processes import Server, accepts, says_ready
from tests.ports import free_port

NOOP_REFERENCE = NOOP


class Servers:
    """Started when first asked for, ended with the stack."""

    def __init__(self, office: Office, stack: ExitStack) -> None:
        self._office = office
        self._stack = stack
        self._running: dict[str, Server] = {}

    def reference(self, listens_to: str) -> Server:
        return self._running.get(listens_to) or self._keep(listens_to, start_reference(self._office, listens_to))

    def ours(self, more_actions: int) -> Server:
        name = f"ours-{more_actions}"
        return self._running.get(name) or self._keep(name, start_ours(self._office, name, more_actions))

    def _keep(self, name: str, server: Server) -> Server:
        self._stack.callback(server.stop)
        self._running[name] = server
        return server


def start_reference(office: Office, listens_to: str = NOOP_REFERENCE) -> Server:
    words = ["tests.bench.reference_server", listens_to]
    server = Server(words, _environment(office), folder=office.folder, port=free_port())
    return server.wait_until(lambda: accepts(server.port))


def start_ours(office: Office, name: str, more_actions: int) -> Server:
    return start_ours_on(office, office.database(name), more_actions)


def start_ours_on(office: Office, database_url: str, more_actions: int = 0) -> Server:
    environment = _environment(office) | {"DATABASE_URL": database_url}
    words = ["tests.bench.our_server", str(more_actions)]
    server = Server(words, environment, folder=office.folder, port=free_port())
    return server.wait_until(lambda: accepts(server.port))


def start_bot(office: Office) -> Server:
    """What `./run start` runs, with its timetable and its health."""
    health = free_port()
    environment = _environment(office) | {"DATABASE_URL": office.database("bot"), "ADMIN_PORT": str(health)}
    server = Server(["bot", "start"], environment, folder=office.folder, port=free_port())
    return server.wait_until(lambda: says_ready(health))


def _environment(office: Office) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": office.token,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": office.slack_url,
        "HOST": "127.0.0.1",
        "ADMIN_HOST": "127.0.0.1",
    }
