"""What the served bot keeps of the commands that it has answered: nothing, if all is well."""

from collections.abc import Sequence
from itertools import cycle, islice

from tests.bench.figures import Sample, Series
from tests.bench.load import is_success, send
from tests.bench.measure import AT_ONCE
from tests.bench.office import Office
from tests.bench.payloads import NOOP, Make
from tests.bench.servers import start_ours_on

GROWTH = "idle_memory_growth"
ALLOWED = 8
"""MB."""
FROM, TO = 20_000, 100_000
SHORT_FROM, SHORT_TO = 4_000, 20_000
"""Where `--long` was not asked for: the same share of fewer commands."""
AT_A_TIME = 1_000

LINES = (
    *[(NOOP, "")] * 10,
    ("/pm", "risks"),
    ("/pm", "R-1"),
    ("/pm", "search vendor"),
    ("/pm", "help"),
    ("/risk", "Vendor slips the API p2 i2 <@ULUIS|luis>"),
    ("/pm", "decisions"),
)
"""Most say nothing; the others list, show, search, explain, and log a risk with its handled delivery."""


def measure_memory(office: Office, names: Sequence[str], *, long: bool) -> dict[str, Series]:
    if GROWTH not in names:
        return {}
    start, end = (FROM, TO) if long else (SHORT_FROM, SHORT_TO)
    server = start_ours_on(office, office.database("memory"))
    try:
        kinds = cycle([office.line(*line) for line in LINES])
        _answered(server.port, kinds, start)
        before = server.resident()
        _answered(server.port, kinds, end - start)
        return {GROWTH: Series([Sample(server.resident() - before)], [Sample(ALLOWED)])}
    finally:
        server.stop()


def _answered(port: int, kinds: "cycle[Make]", number: int) -> None:
    for _ in range(0, number, AT_A_TIME):
        requests = [make(1)[0] for make in islice(kinds, AT_A_TIME)]
        send(port, requests, at_once=AT_ONCE, accepts=is_success)
