"""Characters that a database does not take: they go, and the words around them are kept."""

import json

import pytest

from models.tables import Risk
from tests.town import Town

RATED = {"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"}
UNSTORABLE = ("\x00", "\ud800")


def saved(town: Town) -> list[str]:
    with town.database.read(1) as session:
        return [row.title for row in session.query(Risk).order_by(Risk.id)]


@pytest.mark.parametrize("character", UNSTORABLE)
def test_a_form_is_saved_without_them(town, character):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk")
    luis.fills(RATED)
    town.submit_unchecked("ULUIS", {"title": f"Vendor{character} slips", "statement": f"{character}It is late"})
    assert saved(town) == ["Vendor slips"]


@pytest.mark.parametrize("character", UNSTORABLE)
@pytest.mark.parametrize(
    "line", ["/risk Vendor{} slips p4 i5", "/pm search ven{}dor", "/pm risks ven{}dor", "/update Al{}l"]
)
def test_a_line_is_read_without_them(town, character, line):
    told = town.person("ULUIS").types("CLEDGER", line.format(character))
    assert told.error is None
    assert "That did not work" not in json.dumps(told.shown)
    assert town.count(Risk) == line.startswith("/risk")
