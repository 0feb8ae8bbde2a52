"""Searching: what is found, what is not, and that nothing typed breaks it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from alembic import command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from bot.database import Database
from bot.domain.policy import Standing
from bot.domain.search_words import phrases
from bot.migrate import config, migrate
from bot.services import people, places, search
from models.schemas.search import MOST_FOUND, Phrase
from models.tables import Decision, Issue, Project, Risk
from models.tables.unit import add_row
from models.tables.words import SEARCHED
from tests.asking import post_status, sqlite_only
from tests.listing import headline, log_risks, restricted_project, shown, spare_room
from tests.neighbours import install_neighbour
from tests.statements import statements_of
from tests.test_migrations import OLDER_ROWS
from tests.town import MONDAY, Town

HOSTILE = "<!channel> <b> & co"


def found(town: Town, words: str, *, user: str = "ULUIS", channel: str = "CLEDGER") -> list[str]:
    """The numbers of what is found, in the order shown."""
    said = town.person(user).types(channel, f"/pm search {words}")
    texts = [block["text"]["text"] for block in said.shown[-1]["blocks"] if block["type"] == "section"]
    names = [line.partition(" *")[0] for text_ in texts[1:] for line in text_.splitlines()[::2]]
    return [re.split(r"[ |]", name.rstrip(">"))[-1] for name in names]


def log_all_kinds(town: Town) -> None:
    """A risk, an issue, a decision and a status, each with a word of its own in a long text."""
    log_risks(town, 1, title="Vendor slips the API")
    with town.database.write(1) as session:
        place = places.of_channel(session, "CLEDGER")
        luis = people.ensure(session, "ULUIS")
        session.execute(update(Risk).values(response_plan="Sign the replacement supplier"))
        shared = {"workspace_id": 1, "program_id": place.program_id, "project_id": place.id, "number": 1}
        add_row(
            session,
            Issue,
            **shared,
            title="Ledger does not reconcile",
            severity="sev2",
            owner_id=luis.id,
            status="open",
            opened_at=MONDAY - timedelta(days=1),
            workaround="Reconcile by spreadsheet",
        )
        add_row(
            session,
            Decision,
            **shared,
            title="Cutover strategy",
            context="Freeze begins in May",
            driver_id=luis.id,
            approver_id=luis.id,
            reversibility="two_way",
            options=[{"id": "A", "name": "Big bang"}, {"id": "B", "name": "Dual write"}],
            raised_at=MONDAY - timedelta(days=2),
            due_on=date(2026, 4, 3),
            status="proposed",
        )
    post_status(town, summary="Rehearsed the cutover twice", asks="A second rehearsal room")


@pytest.mark.parametrize(
    ("words", "refs"),
    [
        ("vendor", ["R-1"]),
        ("VENDOR api", ["R-1"]),
        ("ven", ["R-1"]),
        ("ven api", []),
        ("replacement supplier", ["R-1"]),
        ("supplier replacement", ["R-1"]),
        ('"supplier replacement"', []),
        ('"replacement supplier"', ["R-1"]),
        ("“replacement supplier”", ["R-1"]),
        ('"replacement sup"', []),
        ("spreadsheet", ["I-1"]),
        ("freeze", ["D-1"]),
        ("dual write", ["D-1"]),
        ("cutover", ["Status", "D-1"]),
        ("rehearsal room", ["Status"]),
        ("name", []),
        ("vendor spreadsheet", []),
        ("nothing at all", []),
    ],
)
def test_words_are_found_in_titles_and_long_texts(town, words, refs):
    log_all_kinds(town)
    assert found(town, words) == refs


def test_a_line_says_what_it_is_and_where(town):
    log_all_kinds(town)
    said = town.person("UKAVYA").types("CPROG", "/pm search cutover").shown[-1]
    assert said["text"] == "2 records hold these words. Newest: Status Rehearsed the cutover twice."
    assert said["ephemeral"]
    lines = said["blocks"][1]["text"]["text"].splitlines()
    assert lines[1] == "Green · Ledger Migration · Mon 30 Mar"
    assert lines[2:] == ["Decision D-1 *Cutover strategy*", "Decision needed · Ledger Migration · Sat 28 Mar"]


def test_what_is_written_later_is_found_and_what_is_no_more_is_not(town):
    log_risks(town, 1, title="Vendor slips the API")
    assert found(town, "tenant") == []
    with town.database.write(1) as session:
        session.execute(update(Risk).values(title="Tenant migration has no window"))
    assert found(town, "tenant") == ["R-1"]
    assert found(town, "vendor") == []
    with town.database.write(1) as session:
        session.execute(delete(Risk))
    assert found(town, "tenant") == []


def test_a_replaced_status_is_not_found_any_more(town):
    post_status(town, summary="Rehearsed the cutover twice")
    post_status(town, summary="Rehearsed it three times")
    assert found(town, "cutover") == []
    assert found(town, "rehearsed") == ["Status"]


def test_a_number_is_the_record_itself(town):
    log_risks(town, 1, title="Vendor slips the API")
    said = town.person("UKAVYA").types("CPROG", "/pm search r-01")
    assert said.text.startswith("New Extreme risk R-1 in Ledger Migration")
    assert town.person("UKAVYA").types("CPROG", "/pm search D-7").text.startswith("I cannot find D-7.")


def test_nothing_of_a_restricted_project_is_found_by_outsiders(town):
    restricted_project(town)
    log_risks(town, 1, channel="CSECRET", title="Falcon is shot down")
    log_risks(town, 1, title="Pigeon is shot down")
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    assert found(town, "shot", user="UKAVYA", channel="CPROG") == ["R-2"]
    said = kavya.types("CPROG", "/pm search falcon")
    assert said.text == "No record holds these words: falcon."
    assert kavya.types("CPROG", "/pm search unknown").text.replace("unknown", "falcon") == said.text
    assert found(town, "shot", user="ULUIS", channel="CPROG") == ["R-2", "R-1"]
    assert found(town, "shot", user="UMAYA", channel="CPROG") == ["R-2"]
    assert found(town, "shot", user="UMAYA", channel="CSECRET") == ["R-2", "R-1"]
    assert luis.types("CPROG", "/pm search falcon").text.startswith("1 record holds these words.")
    assert found(town, "shot", user="UGUEST", channel="CFRAUD") == []
    assert found(town, "shot", user="UGUEST", channel="CLEDGER") == ["R-2"]


def test_twelve_results_stand_on_a_page_the_newest_first(town):
    log_risks(town, 30, title="Vendor slips")
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm search vendor")
    assert found(town, "vendor") == [f"R-{number}" for number in range(30, 18, -1)]
    before = len(luis.reads("CLEDGER"))
    luis.presses(shown(town), "search.page@next")
    luis.presses(shown(town), "search.page@next")
    assert "25-30 of 30" in shown(town)["blocks"][0]["text"]["text"]
    luis.presses(shown(town), "search.page@previous")
    assert "13-24 of 30" in shown(town)["blocks"][0]["text"]["text"]
    assert len(luis.reads("CLEDGER")) == before
    said = luis.presses(shown(town), "search.show", option="risk:18")
    assert said.text.startswith("New High risk R-18") or "R-18" in said.text


@sqlite_only
def test_more_than_can_be_paged_is_said_to_be_more(town):
    log_risks(town, MOST_FOUND + 30, title="Vendor slips")
    said = town.person("ULUIS").types("CLEDGER", "/pm search vendor").shown[-1]
    assert headline(said) == "Over 240 records hold these words"
    with town.database.read(1) as session:
        by = Standing(people.ensure(session, "ULUIS"), channel="CLEDGER")
        last = search.find(session, "vendor", by, page=999, now=MONDAY)
    assert (last.page, len(last.hits)) == (20, 12)


def test_another_workspaces_words_are_not_found(town):
    install_neighbour(town.database)
    assert found(town, "neighbour") == []


@sqlite_only
def test_a_search_asks_the_database_as_often_for_many_records_as_for_few(town):
    asked = []
    for more in (13, 287):
        log_risks(town, more, title="Vendor slips")
        with town.database.read(1) as session:
            by = Standing(people.ensure(session, "ULUIS"), channel="CLEDGER")
            with statements_of(session.connection()) as statements:
                assert len(search.find(session, "vendor", by, page=1, now=MONDAY).hits) == 12
        asked.append(len(statements))
    assert asked[0] == asked[1] < 15


def test_every_searched_table_has_its_words_kept(database):
    """A later migration that makes one of these tables anew must call `keep_words`, or nothing new is found."""
    with database.reader.connect() as connection:
        kept = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        indexed = "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix_%_words'"
        names = set(connection.execute(text(kept if database.is_sqlite else indexed)).scalars())
    if database.is_sqlite:
        assert names >= {f"{table}_words_{when}" for table in SEARCHED for when in ("added", "changed", "removed")}
    else:
        assert names == {f"ix_{table}_words" for table in SEARCHED}


def test_records_of_an_earlier_release_are_found(database_url):
    database = Database(database_url.replace("stationmaster.db", "older.db"))
    move, settings_ = command.upgrade if database.is_sqlite else command.downgrade, config()
    with database.writer.begin() as connection:
        settings_.attributes["connection"] = connection
        move(settings_, "0002")
    with database.writer.begin() as connection:
        for statement in OLDER_ROWS:
            connection.execute(text(statement))
    migrate(database)
    with database.read(1) as session:
        by = Standing(people.ensure(session, "ULUIS"))
        assert [hit.ref for hit in search.find(session, "vendor", by, page=1, now=MONDAY).hits] == ["R-1"]
        assert [hit.ref for hit in search.find(session, "cutover", by, page=1, now=MONDAY).hits] == ["D-1"]
    database.close()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("vendor slips", [Phrase(words="vendor"), Phrase(words="slips", begins=True)]),
        ("the api of", [Phrase(words="the"), Phrase(words="api"), Phrase(words="of")]),
        ('"the api" sl', [Phrase(words="the api"), Phrase(words="sl")]),
        ('say "the api', [Phrase(words="say"), Phrase(words="the api")]),
        ("„Größe“ «x»", [Phrase(words="Größe"), Phrase(words="x")]),
        ("- & * ( )", []),
        ("", []),
    ],
)
def test_a_line_is_read_as_words_and_phrases(typed, read):
    assert phrases(typed) == read


ANYTHING = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from([*"\"'()*^:-+\\&|!<>~", "AND", "OR", "NOT", "NEAR", "words", "vendor", "\x00", "\ud800"])
    ).map(" ".join),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=ANYTHING)
@example(typed='"')
@example(typed="vendor* OR words:")
@example(typed="'; DROP TABLE risk; --")
@example(typed="a" * 400)
@example(typed="NEAR(vendor slips)")
def test_whatever_is_searched_for_is_answered(full_town, typed):
    with full_town.database.read(1) as session:
        by = Standing(people.ensure(session, "ULUIS"), channel="CLEDGER")
        search.find(session, typed, by, page=1, now=MONDAY)
    line = "".join(letter for letter in typed if letter >= " " and not "\ud800" <= letter <= "\udfff")
    said = full_town.person("ULUIS").types("CLEDGER", f"/pm search vendor {line}".rstrip())
    if said.shown:
        assert "Code " not in said.text
        assert spare_room(said.shown[-1]) == []


@pytest.fixture
def full_town(town: Town) -> Town:
    with town.database.write(1) as session:
        session.execute(update(Project).values(name=f"{HOSTILE} {'&' * 60}"))
    log_risks(town, 15, title=f"Vendor {HOSTILE} {'&' * 100}")
    return town


def test_nothing_to_search_for_is_asked_for(town: Any):
    said = town.person("ULUIS").types("CLEDGER", "/pm search")
    assert said.text == "What should I look for?"
