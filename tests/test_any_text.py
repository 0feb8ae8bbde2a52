"""Whatever anybody types behind any command: no fault of ours, nothing that Slack refuses, nobody is called."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.database import Database
from bot.slack_rules import check_message
from bot.views.text import MOST_FALLBACK, cut, escape, sentence, title
from tests.town import Town

PIECES = st.sampled_from(
    [
        "<!channel>",
        "<!here|here>",
        "<!subteam^S1|@team>",
        "<@ULUIS|luis>",
        "<@UNOBODY>",
        "<#CLEDGER|p-ledger>",
        "<https://example.com|a link>",
        "&lt;!channel&gt;",
        "&amp;",
        "“by Friday”",
        "p4",
        "i5",
        "p9",
        "by",
        "Friday",
        "31 Feb",
        "#vendor",
        "R-1",
        "d-01",
        "risk",
        "risks",
        "decisions",
        "issues",
        "search",
        "export",
        "help",
        "mine",
        "overdue",
        "setup",
        '"',
        "*",
        "'; DROP TABLE risk; --",
        "`",
        "\u202e",
        "\u200b",
        "\n",
        "\x00",
        "🔥",
        "قرار",
        "a" * 200,
    ]
)
LINES = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=8).map(" ".join)
COMMANDS = ("/pm", "/risk", "/decision", "/update")


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One for all examples: what an earlier one logged is there for the next."""
    path = tmp_path_factory.mktemp("any") / "text.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    town = Town(database)
    town.set_up_program()
    town.set_up_project()
    yield town
    database.close()


@pytest.mark.parametrize("command", COMMANDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(line=LINES)
def test_any_line_gets_an_answer_that_slack_takes_and_calls_nobody(town, command, line):
    kavya = town.person("UKAVYA")
    before = len(town.sandbox.mentions)
    told = kavya.types("CLEDGER", f"{command} {line}")
    assert told.acked
    assert told.error is None, told.error
    assert "That did not work" not in told.text
    while kavya.modals:
        kavya.closes()
    for shown in told.shown:
        assert check_message({"text": shown["text"], "blocks": shown["blocks"]}) == []
    assert not town.sandbox.broadcasts
    assert not town.unexpected_refusals()
    assert {m.user for m in town.sandbox.mentions[before:]} <= {
        "ULUIS",  # the owner whom the line names
        "UKAVYA",  # who ordered an export gets it directly
    }


@given(st.text(), st.integers(min_value=5, max_value=300))
def test_what_is_escaped_and_cut_keeps_within_its_measure_and_breaks_no_entity(text, most):
    shown = cut(escape(text), most)
    assert len(shown) <= most
    assert "<" not in shown
    assert ">" not in shown
    for piece in shown.split("&")[1:]:
        assert piece.startswith(("amp;", "lt;", "gt;")), shown


@given(st.text())
def test_titles_and_notifications_call_nobody_and_keep_their_length(text):
    assert len(title(text)) <= 150
    assert len(sentence(title(text))) <= MOST_FALLBACK
    assert "<!" not in sentence(title(text))
