"""Lists and search results: one row and many, with filters and without, for one reader and for a channel."""

from datetime import date
from typing import Any

from bot.views import lists, search
from models.schemas.lists import MOST_COUNTED, Counts, Filters, Kind, Listed, ListRow
from models.schemas.search import Found, Hit, Results
from tests.views.cast import DANA, HOSTILE, LINK, LUIS, PAPER, PLACE, TODAY, changed

LONG = f"{HOSTILE} {'m' * 40} {'&' * 150}"
NAMED = LUIS.model_copy(update={"handle": "<" * 40})
RISKS = [
    ListRow(
        id=number,
        ref=f"R-{number}",
        title=LONG if number % 2 else HOSTILE,
        level=("extreme", "high", "moderate", "low")[number % 4],
        points="20",
        state="New" if number == 3 else "In treatment",
        is_over=False,
        on=None if number == 3 else date(2026 + number % 2, 3, 27),
        is_overdue=number % 2 == 0,
        owner=NAMED if number % 2 else PAPER,
        link=LINK if number % 2 else None,
    )
    for number in range(1, 13)
]
COUNTS = Counts(found=36, worst=9, overdue=5, open=36, any=1)
LISTED = Listed(
    filters=Filters(kind=Kind.RISK, page=2),
    rows=RISKS,
    counts=COUNTS,
    today=TODAY,
    reader="ULUIS",
    places=[("project:7", PLACE.name), ("program:3", f"Whole program: {HOSTILE}")],
)
NARROWED = changed(
    LISTED,
    filters=Filters(kind=Kind.RISK, level="high_up", state="treating", owner="ULUIS", place="project:7"),
    owner=LUIS,
    place=PLACE,
)
NOTHING = Counts(found=0, worst=0, overdue=0, open=36, any=1)


def of_kind(kind: Kind, **row: Any) -> Listed:
    rows = [changed(each, points="", **row) for each in RISKS[:2]]
    return changed(LISTED, filters=Filters(kind=kind), rows=rows, counts=changed(COUNTS, found=2, overdue=1))


HITS = [
    Hit(
        kind=kind,
        id=number,
        ref=f"{kind.value[0].upper()}-{number}" if kind is not Found.STATUS else "",
        title=LONG,
        state="amber" if kind is Found.STATUS else "New",
        place=f"{HOSTILE} {'p' * 60}",
        on=date(2026, 3, 27),
        link=LINK if number % 2 else None,
    )
    for number, kind in enumerate([*Found, *Found, Found.RISK, Found.RISK], start=1)
]
RESULTS = Results(typed=f"{HOSTILE} `vendor`", hits=HITS, found=30, page=2, today=TODAY)

SHOWN: dict[str, Any] = {
    "list-risks": lists.list_message(LISTED),
    "list-risks-text": lists.list_message(changed(LISTED, filters=Filters(kind=Kind.RISK, page=2, as_text=True))),
    "list-risks-without-tables": lists.list_message(changed(LISTED, takes_tables=False)),
    "list-risks-narrowed": lists.list_message(NARROWED),
    "list-risks-one": lists.list_message(
        changed(LISTED, filters=Filters(kind=Kind.RISK), rows=RISKS[:1], counts=changed(COUNTS, found=1, overdue=1))
    ),
    "list-risks-many": lists.list_message(
        changed(
            LISTED,
            filters=Filters(kind=Kind.RISK, page=42),
            rows=RISKS[:8],
            counts=changed(COUNTS, found=MOST_COUNTED + 1, worst=MOST_COUNTED + 1),
            places=[(f"project:{n}", f"Project {n}") for n in range(101)],
            place=PLACE,
        )
    ),
    "list-issues-of-a-guest": lists.list_message(
        changed(of_kind(Kind.ISSUE, level="sev1", state="Open"), takes_tables=False, shareable=False)
    ),
    "list-risks-empty": lists.list_message(changed(NARROWED, rows=[], counts=NOTHING)),
    "list-risks-none-open": lists.list_message(
        changed(LISTED, filters=Filters(kind=Kind.RISK), rows=[], counts=changed(NOTHING, open=0))
    ),
    "list-risks-none": lists.list_message(changed(LISTED, rows=[], counts=changed(NOTHING, open=0, any=0))),
    "list-risks-shared": lists.shared_message(LISTED, DANA, left_out=2),
    "list-issues": lists.list_message(of_kind(Kind.ISSUE, level="sev1", state="Open")),
    "list-assumptions": lists.list_message(of_kind(Kind.ASSUMPTION, level="", state="Not confirmed yet")),
    "list-decisions": lists.list_message(of_kind(Kind.DECISION, level="", state="Decision needed")),
    "list-decisions-closed": lists.list_message(
        changed(
            of_kind(Kind.DECISION, level="", state="Decided", is_over=True),
            filters=Filters(kind=Kind.DECISION, state="closed"),
        )
    ),
    "search-results": search.results_message(RESULTS),
    "search-one": search.results_message(changed(RESULTS, hits=HITS[4:5], found=1, page=1)),
    "search-nothing": search.nothing_found(f"{HOSTILE} `vendor`"),
    "search-no-words": search.nothing_found(""),
}
