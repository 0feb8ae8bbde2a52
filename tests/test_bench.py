"""The bench's arithmetic and what it prints. That it measures is seen when it runs: no test here looks at a clock."""

import json
import socket
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from tests.bench.__main__ import options_of
from tests.bench.figures import GOALS, Figure, Goal, Sample, Series, as_json, figure, percentile, rounded
from tests.bench.load import is_acknowledgement, is_success, is_whole
from tests.bench.measure import by_turns
from tests.bench.page import page
from tests.bench.payloads import SECRET, commands, submissions
from tests.bench.relay import relay

GOAL = Goal("noop_command_cpu", "us", 1.25, "CPU of a command")


def series(*rounds: tuple[float, float]) -> Series:
    return Series([Sample(ours) for ours, _ in rounds], [Sample(reference) for _, reference in rounds])


def test_a_figure_is_the_median_of_the_rounds_and_its_ratio_the_median_of_their_ratios() -> None:
    """A machine that was slow in the last round was slow for both: 1.2 there says as much as 1.2 elsewhere."""
    found = figure(GOAL, series((100, 100), (120, 100), (600, 500)))

    assert found == Figure("noop_command_cpu", "us", value=120, reference=100, ratio=1.2, goal=1.25)
    assert found.is_met


def test_a_ratio_above_its_goal_is_missed() -> None:
    assert not figure(GOAL, series((126, 100))).is_met
    assert figure(GOAL, series((125, 100))).is_met


def test_the_json_is_the_documented_shape_and_nothing_else() -> None:
    figures = [figure(goal, series((3, 2))) for goal in GOALS]

    printed = json.loads(json.dumps(as_json(figures)))

    assert list(printed) == ["figures"]
    assert [list(each) for each in printed["figures"]] == [
        ["name", "unit", "value", "reference", "ratio", "goal"]
    ] * len(GOALS)
    assert {each["name"]: each["goal"] for each in printed["figures"]} == {
        "noop_command_cpu": 1.25,
        "noop_command_300_actions_cpu": 1.3,
        "risk_commit_sqlite_cpu": 3.5,
        "risk_commit_postgres_cpu": 4.5,
        "risk_commit_postgres_round_trips": 5,
        "risk_commit_1m_rows": 1.2,
        "risk_commit_1m_rows_postgres": 1.2,
        "idle_memory_growth": 1,
        "lone_ack_p50": 1.5,
        "startup_cpu": 2.2,
        "idle_rss": 1.8,
        "list_risks_cpu": 1.5,
        "search_cpu": 1.5,
        "home_300_cpu": 2.5,
        "statements_list": 1,
        "statements_decisions": 1,
        "statements_search": 1,
        "statements_record": 1,
        "statements_log": 1,
        "statements_home": 1,
        "tick_idle_1m": 2,
        "tick_idle_1m_growth": 1.3,
        "claim_due_row_sqlite": 2.5,
        "claim_due_row_postgres": 2.5,
        "rollup_program": 2,
        "rollup_program_history": 1.2,
        "statements_rollup": 1,
        "rollup_portfolio": 2,
        "slow_slack_ack_p99": 1.5,
        "slow_slack_form_p99": 1,
        "burst_answered": 1,
        "burst_memory": 1.5,
        "nudge_under_limit": 1.05,
        "nudge_cpu": 1.5,
        "deliver_replicas_2": 0.75,
        "deliver_replicas_3": 0.65,
    }


def test_the_page_shows_every_figure_with_its_spread_and_whether_its_goal_is_met() -> None:
    measured = Series([Sample(110, 900, [0.001]), Sample(130, 800, [0.002])], [Sample(100, 1000, [0.001])] * 2)

    shown = page([figure(GOAL, measured)], {GOAL.name: measured}, rounds=2)

    assert "noop_command_cpu   120 us      100 us    1.20   1.10..1.30   1.25   met" in shown
    assert "ours 850 requests/s, p50 1 ms, p99 2 ms; reference 1,000 requests/s, p50 1 ms, p99 1 ms" in shown


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(100, 0, -1)]

    assert [percentile(values, share) for share in (0.0, 0.5, 0.99, 1.0)] == [1, 50, 99, 100]
    assert percentile([7.0], 0.99) == 7


@pytest.mark.parametrize(("value", "shown"), [(523.349, 523.3), (22_734.5, 22_730), (0.94361, 0.9436), (1.0, 1.0)])
def test_four_digits_are_kept(value: float, shown: float) -> None:
    assert rounded(value) == shown


def test_what_is_compared_is_measured_by_turns_and_every_other_round_backwards() -> None:
    taken: list[str] = []

    def take(name: str) -> int:
        taken.append(name)
        return len(taken)

    turns = by_turns({"ours": lambda: take("ours"), "reference": lambda: take("reference")}, rounds=3)

    warm, measured = taken[:2], taken[2:]
    assert warm == ["ours", "reference"]
    assert measured == ["ours", "reference", "reference", "ours", "ours", "reference"]
    assert turns == [{"ours": 3, "reference": 4}, {"reference": 5, "ours": 6}, {"ours": 7, "reference": 8}]


def test_requests_are_signed_and_none_is_a_repeat() -> None:
    forms = submissions({"type": "view_submission", "view": {"id": "V1", "root_view_id": "V1", "hash": "1.a"}})(3)
    payloads = [json.loads(parse_qs(_read(request)[1])["payload"][0]) for request in forms]
    typed = [parse_qs(_read(request)[1]) for request in commands({"command": "/risk", "trigger_id": "1.1.a"})(3)]

    assert len({(payload["view"]["id"], payload["view"]["hash"]) for payload in payloads}) == 3
    assert len({command["trigger_id"][0] for command in typed}) == 3
    for headers, body in map(_read, forms):
        assert int(headers["content-length"]) == len(body)
        assert SignatureVerifier(SECRET).is_valid_request(body, headers)


@pytest.mark.parametrize(
    ("answer", "whole", "acknowledged", "success"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", True, True, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", True, False, True),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{", False, False, True),
        (b"HTTP/1.1 200 OK\r\ncontent-le", False, False, True),
        (b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n", True, False, False),
    ],
)
def test_only_a_silent_200_is_an_acknowledgement(answer: bytes, whole: bool, acknowledged: bool, success: bool) -> None:
    assert is_whole(answer) == whole
    assert is_acknowledgement(answer) == acknowledged
    assert is_success(answer) == success


def test_fewer_than_nine_rounds_are_only_for_a_first_impression(capsys: pytest.CaptureFixture[str]) -> None:
    assert options_of([]).rounds == 9
    assert options_of(["--rounds", "15"]).rounds == 15
    assert options_of(["--quick"]).rounds == 3
    with pytest.raises(SystemExit):
        options_of(["--rounds", "8"])
    assert "--quick" in capsys.readouterr().err


def _read(request: bytes) -> tuple[dict[str, Any], str]:
    """Headers, in small letters, and the body."""
    head, _, body = request.decode().partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    return {name.lower(): value for name, value in headers.items()}, body


def test_a_relay_counts_how_often_a_client_speaks_after_an_answer() -> None:
    """Two requests that leave together are one round trip; what is answered in between makes two."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        relay(server.getsockname()[1]) as counting,
        socket.create_connection(("127.0.0.1", counting.port), timeout=30) as client,
        server.accept()[0] as peer,
    ):
        for asked in (b"one", b"two"):
            client.sendall(asked)
            assert peer.recv(100) == asked
        peer.sendall(b"both")
        assert client.recv(100) == b"both"
        assert counting.turns == 1
        client.sendall(b"three")
        assert peer.recv(100) == b"three"
        assert counting.turns == 2
