"""One line holds a risk: every option anywhere, nothing guessed in silence, nothing lost."""

import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.capture import CaptureLine, read_line
from bot.domain.categories import guess
from bot.domain.slack_text import plain
from bot.views.text import escape
from models.schemas.risk import Category, Kind

TODAY = date(2026, 3, 30)
FRIDAY = date(2026, 4, 3)


def read(text: str) -> CaptureLine:
    return read_line(text, TODAY, {"U2": "kavya"})


def test_a_whole_risk_in_one_line():
    assert read("Vendor slips the API p4 i5 <@U1|luis.ortega> by Friday") == CaptureLine(
        title="Vendor slips the API",
        probability=4,
        impact=5,
        owner="U1",
        due=FRIDAY,
        due_words="Friday",
        category=Category.VENDOR,
        category_guessed=True,
    )
    assert read("Vendor slips the API p4 i5 <@U1|luis.ortega> by Friday").complete


def test_hostile_words_are_the_title_as_they_were_typed():
    for sent in ("<!channel> slips the <API> & SDK p4 i5", "&lt;!channel&gt; slips the &lt;API&gt; &amp; SDK p4 i5"):
        assert read(sent).title == "<!channel> slips the <API> & SDK"


WHOLE = "Vendor slips the API p4 i5 <@U1> by Friday"


@pytest.mark.parametrize(
    "line",
    [
        "p4 i5 <@U1> by Friday Vendor slips the API",
        "by Friday Vendor slips the API <@U1> i5 p4",
        "Vendor p4 slips i5 the by Friday API <@U1>",
        "Vendor slips the API, P=4, I:5, (<@U1>), by Friday.",
        "Vendor slips the API – p4, i5 – <@U1> — “by Friday”",
        "Vendor slips the API p4/i5 <@U1> BY FRI",
        "Vendor slips the API\np4,i5\r\n<@U1|x>\u2028by\u00a0Friday",
        "\u202eVendor\u200b slips the API p\u200b4 i5\ufeff <@U1> by Fri\u200dday",
        "Vendor slips the API p4 i5 <@U1> by Fri 3 Apr",
        "Vendor slips the API p4 i5 <@U1> by <!date^1775174400^{date}|3 Apr>",
    ],
)
def test_options_stand_anywhere_and_in_any_dress(line):
    said, meant = read(line), read(WHOLE)
    assert said.complete
    assert (said.title, said.probability, said.impact) == (meant.title, meant.probability, meant.impact)
    assert (said.owner, said.due, said.category, said.problems, said.unread) == ("U1", FRIDAY, Category.VENDOR, [], [])


@pytest.mark.parametrize(
    ("line", "title", "problem"),
    [
        ("Outage p7 i2", "Outage p7", "Probability is 1 to 5. You typed p7."),
        ("Outage p0 i2", "Outage p0", "Probability is 1 to 5. You typed p0."),
        ("Outage p2 i=10", "Outage i=10", "Impact is 1 to 5. You typed i=10."),
        ("Outage p2 p7 i2", "Outage p7", "Probability is 1 to 5. You typed p7."),
        ("Outage p2 i2 by 3/4", "Outage by 3/4", "I do not know the date “3/4”. Write 3 Apr or 4 Mar."),
        ("Outage p2 i2 by 31 Feb", "Outage by 31 Feb", "I do not know the date “31 Feb”. February 2027 has 28 days."),
        ("Outage p2 i2 by Q2", "Outage by Q2", None),
        ("Outage p2 i2 by Friday week", "Outage by Friday week", None),
        ("Outage p2 i2 by 1 Mar 2026", "Outage by 1 Mar 2026", "Sun 1 Mar 2026 is past. Choose a later date."),
        ("Outage p2 i2 by Friday and by 3/4", "Outage by Friday and by 3/4", None),
    ],
)
def test_what_is_wrong_is_said_and_stays_readable(line, title, problem):
    said = read(line)
    assert said.title == title
    assert len(said.problems) == 1
    assert problem is None or said.problems == [problem]
    assert said.unread
    assert said.due is None
    assert not said.complete


@pytest.mark.parametrize(
    ("line", "title", "unread"),
    [
        ("p99 latency doubles p4 i5", "p99 latency doubles", ["p99"]),
        ("Outage p3 p4 i5", "Outage p3", ["p3"]),
        ("Outage #foo #vendor #budget p4 i5", "Outage #foo #vendor", ["#foo", "#vendor"]),
        ("Outage by Monday or so, by Friday p4 i5", "Outage by Monday or so", ["by Monday or"]),
        ("Delivered by vendor late p4 i5", "Delivered by vendor late", []),
        ("Issue #42 stays open p4 i5", "Issue #42 stays open", []),
        ("Outage p4.5 p i5 p4 i50%", "Outage p4.5 p i50%", []),
        ("Runs on p4d p4 i5", "Runs on p4d", []),
        ("p4 i5 Standby by", "Standby by", []),
    ],
)
def test_what_is_not_taken_as_an_option_stays_in_the_title(line, title, unread):
    said = read(line)
    assert (said.title, said.unread, said.problems) == (title, unread, [])
    assert said.complete


@pytest.mark.parametrize(
    ("line", "owner", "owner_words", "title"),
    [
        ("Outage <@U1> <@U2>", "U1", None, "Outage @kavya"),
        ("Outage <@U2|old.name>", "U2", None, "Outage"),
        ("Outage @luis.ortega.", None, "luis.ortega", "Outage"),
        ("Outage @luis @kavya", None, "luis", "Outage @kavya"),
        ("Outage @acme <@U1>", "U1", None, "Outage @acme"),
        ("Handover from <@U2> to <@U1|luis> fails", "U2", None, "Handover from @kavya to @luis fails"),
        ("Delivered late by <@U2>, by Friday", "U2", None, "Delivered late by @kavya"),
        ("Handover from @luis fails", None, "luis", "Handover from @luis fails"),
        ("Outage in <@U2>'s team", None, None, "Outage in @kavya's team"),
        (
            "Outage for <!here> @channel @everyone a@b.example",
            None,
            None,
            "Outage for <!here> @channel @everyone a@b.example",
        ),
        ("Outage of <!subteam^S1|@platform> in <#C1|ledger>", None, None, "Outage of @platform in #ledger"),
    ],
)
def test_the_first_person_named_owns_it(line, owner, owner_words, title):
    said = read(line)
    assert (said.owner, said.owner_words, said.title) == (owner, owner_words, title)


def test_a_name_that_slack_did_not_resolve_is_looked_up_before_anything_is_logged():
    said = read("Outage p4 i5 @luis")
    assert not said.complete
    assert said.with_owner("U1").complete
    assert said.with_owner("U1").owner == "U1"
    unknown = said.with_owner(None)
    assert not unknown.complete
    assert unknown.problems == ["I do not know @luis. Choose the owner."]
    assert read("Outage p4 i5").with_owner(None) == read("Outage p4 i5")


@pytest.mark.parametrize(
    "line", ["", "   ", "p4 i5 <@U1> by Friday", "Outage p4", "Outage i5", "opportunity: p1 i1", "- , –"]
)
def test_without_a_title_or_a_rating_it_is_not_complete(line):
    assert not read(line).complete
    assert read(line).problems == []


@pytest.mark.parametrize(
    ("line", "kind", "title"),
    [
        ("opportunity: cheaper hosting", Kind.OPPORTUNITY, "cheaper hosting"),
        ("p4 Threat:outage", Kind.THREAT, "outage"),
        ("an opportunity: hosting", None, "an opportunity: hosting"),
        ("Outage", None, "Outage"),
    ],
)
def test_a_kind_stands_at_the_start(line, kind, title):
    assert (read(line).kind, read(line).title) == (kind, title)


@pytest.mark.parametrize(
    ("line", "category", "guessed", "title"),
    [
        ("Outage #vendor", Category.VENDOR, False, "Outage"),
        ("Outage #Organisational,", Category.ORGANIZATIONAL, False, "Outage"),
        ("Outage <#C9|budget>", Category.BUDGET, False, "Outage"),
        ("Outage", Category.TECHNICAL, True, "Outage"),
        ("Something else", None, False, "Something else"),
    ],
)
def test_a_category_is_named_or_guessed(line, category, guessed, title):
    said = read(line)
    assert (said.category, said.category_guessed, said.title) == (category, guessed, title)


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Vendor slips the API", Category.VENDOR),
        ("<!channel> Vendor slips the <API> & SDK", Category.VENDOR),
        ("Supplier's delivery is late", Category.VENDOR),
        ("Milestone slips", Category.SCHEDULE),
        ("Requirements change after sign-off", Category.REQUIREMENTS),
        ("New stakeholders appear", Category.STAKEHOLDER),
        ("Key person leaves", Category.RESOURCE),
        ("Funding is cut", Category.BUDGET),
        ("Database cannot cope", Category.TECHNICAL),
        ("Security breach", Category.SECURITY),
        ("GDPR audit fails", Category.COMPLIANCE),
        ("Too many defects", Category.QUALITY),
        ("Port strike", Category.EXTERNAL),
        ("Reorg of the division", Category.ORGANIZATIONAL),
        ("Vendor budget", None),
        ("Vendor-side budget", None),
        ("Change request pending", Category.REQUIREMENTS),
        ("Something happens", None),
        ("", None),
    ],
)
def test_a_guess_is_made_only_where_one_category_fits_best(title, category):
    assert guess(title) is category


WORDS = [
    *(
        "Vendor",
        "slips",
        "the",
        "API",
        "by",
        "by",
        "by Friday",
        "by 3 Apr",
        "by 3/4",
        "3",
        "Apr",
        "p4",
        "p7",
        "i5",
        "I=2",
    ),
    *(
        "p3,i2",
        "p99",
        "#vendor",
        "#foo",
        "#42",
        "<@U1>",
        "<@U2|x>",
        "<@U2>'s",
        "@luis",
        "@here",
        "<!here>",
        "<#C1|ops>",
    ),
    *("<#C9|budget>", "opportunity:", "Threat:x", "“by", "Friday”", "–", ",", "&lt;!channel&gt;", "&amp;", "(p1)"),
    *("<https://x.example|see it>", "<!date^1^{date}|3 Apr>", "<", ">", "\u202e", "\u200b", "\x00"),
]
LINES = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=14)
BLANKS = st.sampled_from([" ", "  ", "\n", "\u00a0", "\t"])


MARKS = "\"'“”‘’‚‛„‟′″«»()[].-‐‑‒–—―−|·•"


def words_of(text: str) -> Counter[str]:
    """Without marks around them, and without joiners, which nobody sees."""
    bare = (
        re.sub("[\u200c\u200d\ufe0e\ufe0f]", "", word).strip(MARKS) for word in re.split(r"[\s,;/]+", text.casefold())
    )
    return Counter(word for word in bare if word)


def words_of_options(said: CaptureLine) -> int:
    """How many words a line's understood options were typed with."""
    options = [said.probability, said.impact, said.owner, said.owner_words, said.kind]
    named = said.category is not None and not said.category_guessed
    return (
        sum(option is not None for option in options)
        + named
        + len(f"by {said.due_words}".split()) * (said.due is not None)
    )


@given(LINES, BLANKS)
@example(["p" + "9" * 5000, "by", "9" * 5000], " ")
@example(["by"] * 300, " ")
@example(["#ǅ", "@" + "x" * 3000], " ")
@example(["opportunity:opportunity:"], " ")
def test_no_word_is_lost(pieces, blank):
    line = blank.join(pieces)
    said = read(line)
    lost = words_of(plain(line, {"U2": "kavya"}, in_command=True)) - words_of(said.title)
    assert lost.total() <= words_of_options(said), (lost, said)


@given(LINES, BLANKS)
@example(["by 3/4", ",", ","], " ")
def test_a_line_keeps_to_its_limits_and_calls_nobody(pieces, blank):
    said = read(blank.join(pieces))
    assert said.probability in {None, 1, 2, 3, 4, 5}
    assert said.impact in {None, 1, 2, 3, 4, 5}
    assert said.due is None or said.due >= TODAY
    assert said.owner is None or said.owner_words is None
    assert said.title == " ".join(said.title.split())
    assert all(sentence.endswith(".") and len(sentence) < 200 for sentence in said.problems)
    assert all(word in said.title for words in said.unread for word in words.split())
    for text in (said.title, *said.problems, *said.unread, said.due_words or "", said.owner_words or ""):
        assert not re.search("[<>]", escape(text))


@given(st.permutations(["p4", "i5", "<@U1>", "by Friday", "#vendor", "“Vendor slips the API”"]))
def test_the_order_of_options_changes_nothing(pieces):
    said = read(" ".join(pieces))
    assert (said.title, said.probability, said.impact) == ("“Vendor slips the API”", 4, 5)
    assert (said.owner, said.due, said.category) == ("U1", FRIDAY, Category.VENDOR)
    assert said.complete
