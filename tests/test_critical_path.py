"""The critical path: the published networks C-1 to C-5 of domain 5.4."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.critical_path import Activity, Cycle, Link, Schedule, schedule


def plan(text: str) -> Schedule:
    """'A6; B2(A)': a name, a duration, and what comes before."""
    return schedule(activities(text))


def activities(text: str) -> list[Activity]:
    found = []
    for part in text.split("; "):
        name, _, before = part.partition("(")
        links = tuple(Link(id) for id in before.rstrip(")").split(",") if id)
        found.append(Activity(name[0], int(name[1:]), links))
    return found


def floats(found: Schedule, kind: str) -> dict[str, int]:
    return {id: getattr(timing, kind) for id, timing in found.timings.items() if getattr(timing, kind)}


C_1 = "A6; B2(A); C2(A); D3(B); F2(C); E4(D,F); G1(E)"
C_2 = "A4; B6(A); C3(A); D6(B); E14(D); F5(C); G2(E,F); H2(G); I3(G); J4(H,I); K2(J)"
C_3 = "A4; B3(A); C5(A); D2(A); E5(B,C); F6(C,D); G4(E,F); H3(G)"
C_5 = "A7; B5; C3(A); D5(B); E4(C); F4(C,D); G3(E,F); H1(G)"
C_4 = "A12:2 B13:7 C14:8 D25:3 E35:6 F36:10 G37:4 H46:6 I57:2 J68:5 K78:6"
"""Activity on arrow: from one event to another."""


def arrows(text: str) -> Schedule:
    known = [(part[0], part[1], part[2], int(part[4:])) for part in text.split()]
    return schedule(
        Activity(name, days, tuple(Link(other) for other, _, end, _ in known if end == start))
        for name, start, _, days in known
    )


def test_c_1():
    found = plan(C_1)
    assert found.duration == 16
    assert found.critical() == list("ABDEG")
    assert list(found.critical_paths()) == [list("ABDEG")]
    c, f = found.timings["C"], found.timings["F"]
    assert (c.es, c.ef, c.ls, c.lf, c.tf) == (6, 8, 7, 9, 1)
    assert (f.es, f.ef, f.ls, f.lf, f.tf) == (8, 10, 9, 11, 1)
    assert (c.ff, f.ff) == (0, 1)
    assert (c.independent, f.independent) == (0, 0)


def test_c_2():
    found = plan(C_2)
    assert found.duration == 41
    assert found.critical() == list("ABDEGIJK")
    spans = {id: (t.es, t.ef, t.ls, t.lf) for id, t in found.timings.items()}
    assert spans["C"] == (4, 7, 22, 25)
    assert spans["F"] == (7, 12, 25, 30)
    assert spans["H"] == (32, 34, 33, 35)
    assert spans["K"] == (39, 41, 39, 41)
    assert floats(found, "tf") == {"C": 18, "F": 18, "H": 1}
    assert floats(found, "ff") == {"F": 18, "H": 1}


def test_c_3():
    found = plan(C_3)
    assert found.duration == 22
    assert found.critical() == list("ACFGH")
    spans = {id: (t.es, t.ef, t.ls, t.lf) for id, t in found.timings.items()}
    assert spans["G"][:2] == (15, 19)
    assert spans["C"][:2] == (4, 9)
    assert spans["B"][2:] == (7, 10)
    assert spans["D"][2:] == (7, 9)
    assert spans["E"] == (9, 14, 10, 15)
    assert floats(found, "ff") == {"B": 2, "D": 3, "E": 1}


def test_c_4_on_arrows():
    found = arrows(C_4)
    assert found.duration == 22
    assert found.critical() == list("BFJ")
    assert floats(found, "tf") == {"A": 9, "C": 3, "D": 9, "E": 1, "G": 5, "H": 3, "I": 1, "K": 1}
    assert floats(found, "ff") == {"D": 8, "G": 4, "H": 3, "K": 1}


def test_c_5_has_several_critical_paths_and_no_float_anywhere():
    found = plan(C_5)
    assert found.duration == 18
    assert floats(found, "tf") == {}
    assert sorted(found.critical()) == list("ABCDEFGH")
    assert list(found.critical_paths()) == [list("ACEGH"), list("ACFGH"), list("BDFGH")]


def test_an_edit_that_closes_a_cycle_is_refused_and_the_cycle_named():
    closed = [*activities(C_5)[1:], Activity("A", 7, (Link("H"),))]
    with pytest.raises(Cycle, match=r"wait for one another: .* → H → A → C → ") as refused:
        schedule(closed)
    path = refused.value.path
    assert path[0] == path[-1] and {"A", "C", "G", "H"} <= set(path)
    links = {(link.id, activity.id) for activity in closed for link in activity.predecessors}
    assert all(step in links for step in pairwise(path))


def test_one_that_waits_for_itself_is_a_cycle():
    with pytest.raises(Cycle) as refused:
        schedule([Activity("A", 1, (Link("A"),))])
    assert refused.value.path == ["A", "A"]


def test_a_lag_passes_between_two():
    found = schedule([Activity("A", 2), Activity("B", 3, (Link("A", 4),)), Activity("C", 1, (Link("A"),))])
    assert (found.duration, found.timings["B"].es) == (9, 6)
    assert found.critical() == ["A", "B"]
    assert found.is_critical("A", "B") and not found.is_critical("A", "C")
    assert floats(found, "ff") == {"C": 6}
    assert floats(found, "independent") == {"C": 6}


def test_independent_float_is_what_neither_side_can_take():
    """X may begin at 2 even when A is late, and Z waits until 10 for B."""
    found = schedule(
        [Activity("A", 2), Activity("B", 10), Activity("X", 3, (Link("A"),)), Activity("Z", 1, (Link("B"), Link("X")))]
    )
    assert (found.timings["X"].tf, found.timings["X"].ff, found.timings["X"].independent) == (5, 5, 0)
    alone = schedule([Activity("B", 10), Activity("X", 3), Activity("Z", 1, (Link("B"), Link("X")))])
    assert alone.timings["X"].independent == 7


def test_a_threshold_widens_what_is_critical():
    assert plan(C_1).critical(1) == list("ABCDFEG")


def test_nothing_to_do_takes_no_time():
    empty = schedule([])
    assert (empty.duration, empty.critical(), list(empty.critical_paths())) == (0, [], [])


@st.composite
def networks(draw) -> list[Activity]:
    size = draw(st.integers(1, 12))
    rows = []
    for n in range(size):
        before = draw(st.sets(st.integers(0, n - 1), max_size=3)) if n else set()
        rows.append(Activity(str(n), draw(st.integers(0, 20)), tuple(Link(str(id)) for id in sorted(before))))
    return rows


@given(networks())
def test_floats_keep_their_order_and_every_critical_path_is_as_long_as_the_whole(rows):
    found = schedule(rows)
    for timing in found.timings.values():
        assert 0 <= timing.independent <= timing.ff <= timing.tf
    lengths = {row.id: row.duration for row in rows}
    for path in found.critical_paths():
        assert sum(lengths[id] for id in path) == found.duration


def test_durations_may_be_fractions():
    found = schedule([Activity("A", Fraction(1, 3)), Activity("B", Fraction(1, 6), (Link("A"),))])
    assert found.duration == Fraction(1, 2)
