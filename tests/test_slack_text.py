"""Text in every form that Slack sends it: a person reads names, and nobody is summoned by it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.slack_text import (
    Broadcast,
    Channel,
    Group,
    Link,
    Text,
    User,
    clean,
    folded,
    mentioned,
    parts,
    plain,
    unescape,
)
from bot.views.text import escape

NAMES = {"U1": "luis", "C1": "ledger", "S1": "platform"}

CODES = [
    "<@U1>",
    "<@U1|old.name>",
    "<@W9>",
    "<#C1>",
    "<#C1|>",
    "<#C2|general>",
    "<!subteam^S1|@team>",
    "<!subteam^S2>",
    "<!here>",
    "<!channel|channel>",
    "<!everyone>",
    "<!date^1774604200^{date}|27 Mar>",
    "<https://example.org/?a=1&amp;b=2|see & go>",
    "<mailto:a@b.example|a@b.example>",
    "&lt;!channel&gt;",
    "&amp;lt;@U1&amp;gt;",
    "<!channel> <b> & co",
    "<@U1",
    "<<!here>>",
    "<!unknown>",
]
PIECES = st.one_of(
    st.sampled_from(CODES),
    st.text(alphabet="<>!@#|&;^ \n\u00a0\u200b\u202eU1C1S1ltgmp", max_size=12),
    st.text(max_size=8),
)
TYPED = st.lists(PIECES, max_size=12).map("".join)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@U123>", [User("U123")]),
        ("<@U123|name>", [User("U123", "name")]),
        ("<@W123>", [User("W123")]),
        ("<#C123|name>", [Channel("C123", "name")]),
        ("<#C123>", [Channel("C123")]),
        ("<#C123|>", [Channel("C123")]),
        ("<!subteam^S1|@team>", [Group("S1", "@team")]),
        ("<!subteam^S1>", [Group("S1")]),
        ("<!here>", [Broadcast("here")]),
        ("<!channel|channel>", [Broadcast("channel", "channel")]),
        ("<!date^1774604200^{date} at {time}|27 Mar, 09:36>", [Text("27 Mar, 09:36")]),
        ("<!date^1774604200^{date}^https://example.org|27 Mar>", [Text("27 Mar")]),
        ("<https://x|label>", [Link("https://x", "label")]),
        ("<https://x/?a&amp;b>", [Link("https://x/?a&b")]),
        ("<mailto:a@b|a@b>", [Link("mailto:a@b", "a@b")]),
        ("a &lt;b&gt; &amp;amp; c", [Text("a <b> &amp; c")]),
        ("Ask <@U1>'s team", [Text("Ask "), User("U1"), Text("'s team")]),
        ("if a < b and c > d", [Text("if a < b and c > d")]),
        ("<b>bold</b> <@bob> <!unknown>", [Text("<b>bold</b> <@bob> <!unknown>")]),
        ("", []),
    ],
)
def test_every_code_of_slacks_is_known(sent, read):
    assert parts(sent) == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@U1> and <@U1|old.name>", "@luis and @luis"),
        ("<@U7|name> and <@U7>", "@name and @U7"),
        ("<#C1> <#C1|old> <#C2|general> <#C3|>", "#ledger #ledger #general #C3"),
        ("<!subteam^S1|@team> <!subteam^S2|@team> <!subteam^S2>", "@platform @team @S2"),
        ("<!here> <!channel|channel> <!everyone>", "@here @channel @everyone"),
        ("by <!date^1774604200^{date}|27 Mar>", "by 27 Mar"),
        ("see <http://example.org|example.org>", "see example.org"),
        ("see <https://example.org/plan|the plan>", "see the plan (https://example.org/plan)"),
        ("<https://evil.example|https://bank.example>", "https://bank.example (https://evil.example)"),
        ("<mailto:a@b.example|a@b.example> <mailto:a@b.example>", "a@b.example a@b.example"),
        ("<tel:+4912|+4912>", "+4912"),
        ("&lt;!channel&gt; slips the &lt;API&gt; &amp; SDK", "<!channel> slips the <API> & SDK"),
        ("&amp;lt;!here&amp;gt;", "&lt;!here&gt;"),
        ("“Ours” – it’s late", "“Ours” – it’s late"),
        ("a\u00a0b\u202fc\td", "a b c d"),
        ("ze\u200bro\ufeff wi\u2060dth", "zero width"),
        ("\u202egnp.exe\u202c \u2066x\u2069", "gnp.exe x"),
        ("one\r\ntwo\u2028three\x0bfour", "one\ntwo\nthree\nfour"),
        ("nul\x00 and half \ud83d", "nul and half"),
        ("👩\u200d💻 stays", "👩\u200d💻 stays"),
        ("  \n ", ""),
    ],
)
def test_people_read_names_and_their_own_words(sent, read):
    assert plain(sent, NAMES) == read


def test_in_a_command_a_broadcast_was_typed_as_it_stands():
    assert parts("<!here> <@U1>", in_command=True) == [Text("<!here> "), User("U1")]
    assert plain("<!channel> <@U1> &amp; co", NAMES, in_command=True) == "<!channel> @luis & co"


def test_a_name_can_hide_nothing_either():
    assert plain("<@U1>", {"U1": "lu\u202eis\u200b"}) == "@luis"


def test_the_people_of_a_text_are_listed_for_looking_up():
    assert mentioned("<@U1> <@U2|x> &lt;@U3&gt; <#C1>") == {"U1", "U2"}


def test_typographic_marks_are_the_same_as_those_of_a_typewriter_when_compared():
    assert folded("“By\u00a0FRIDAY”") == '"by friday"'
    assert folded("2026‑04–03’s") == "2026-04-03's"


@given(TYPED, st.booleans())
@example("&lt;!channel&gt;", True)
@example("<!here|x><<!channel>>", True)
@example("<@U1|<!here>>", True)
@example("<\u200b!channel>", True)
def test_nothing_summons_anybody_once_it_is_escaped_again(typed, in_command):
    sent = escape(plain(typed, NAMES, in_command=in_command))
    assert not re.search("[<>]", sent)
    assert all(isinstance(part, Text) for part in parts(sent))


@given(TYPED)
def test_what_was_read_once_shows_no_code_that_slack_made(typed):
    """Escaped and sent back by Slack, it reads the same: nothing was unescaped twice."""
    once = plain(typed, NAMES)
    assert plain(escape(once), NAMES) == once


@given(st.text(alphabet="&ltgmp;<> x", max_size=40))
def test_typed_characters_survive_the_way_through_slack(typed):
    assert unescape(escape(typed)) == typed
    assert plain(escape(typed)) == clean(typed).strip()


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(typed):
    assert clean(clean(typed)) == clean(typed)
    assert not re.search("[\\x00\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]", clean(typed))
