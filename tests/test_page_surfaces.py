"""Every surface of the page, as a person finds it: all of it inside, readable, named, in reach of the keyboard."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests import page_checks
from tests.browsing import BROWSER, RunningDemo, say
from tests.gallery import ADA, BLOCKS, TALK, Gallery

pytest_plugins = ["tests.browsing"]
pytestmark = BROWSER

WIDE, NARROW = 1280, 390
SCHEMES = ("light", "dark")
Prepare = Callable[[Page], object]


def _stay(page: Page) -> None:
    """The surface is there at once."""


@dataclass(frozen=True)
class Surface:
    """A place, what to do there, and what is then in sight. `walks`: whether Tab goes through it."""

    name: str
    address: str
    prepare: Prepare = _stay
    shows: str = "#messages [data-ts]"
    real: bool = False
    walks: bool = True
    widths: tuple[int, ...] = (WIDE, NARROW)

    def __str__(self) -> str:
        return self.name


def says(text: str, then: Prepare = _stay) -> Prepare:
    def prepare(page: Page) -> None:
        say(page, text)
        then(page)

    return prepare


def presses(selector: str, *then: str) -> Prepare:
    """Clicks on something, and then presses keys."""

    def prepare(page: Page) -> None:
        page.locator(selector).first.click()
        for key in then:
            page.keyboard.press(key)

    return prepare


def types(text: str) -> Prepare:
    return lambda page: page.locator("#composer").press_sequentially(text)


def _submitted(page: Page) -> None:
    page.locator("#modal [data-action-id=title]").fill("Too short")
    page.locator("#modal [type=submit]").click()


def _typed_ahead(page: Page) -> None:
    page.locator("#modal [data-action-id=project]").fill("project")


def _opened(page: Page) -> None:
    expect(page.locator("#messages details").first).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")


def _menu_of_a_message(page: Page) -> None:
    message = page.locator("#messages [data-ts]").first
    message.hover()
    message.get_by_role("button", name="More actions").click()


FORM = "#modal [type=submit]"
COMPLETION = ".composer [role=option]"
ON_TOP = presses("#modal [data-action-id=another]")

# One row for each surface: to add one, say where it is, what brings it to the front, and what is then in sight.
SURFACES = [
    Surface("every block", f"#/{BLOCKS}", _opened),
    Surface("a conversation", f"#/{TALK}"),
    Surface(
        "a message with the focus", f"#/{TALK}", presses("#messages [data-ts]", "End"), "#messages [data-ts]:focus"
    ),
    Surface("a thread", f"#/{TALK}", presses("#messages .reply-bar"), "#thread-messages [data-ts]"),
    Surface("the card about a person", f"#/{TALK}", presses("#messages .name"), ".profile"),
    Surface("a menu of acts", f"#/{BLOCKS}", presses("#messages .overflow"), "[role=menuitem]", walks=False),
    Surface("the shortcuts of a message", f"#/{TALK}", _menu_of_a_message, "[role=menuitem]", walks=False),
    Surface(
        "the shortcuts beside the composer",
        f"#/{TALK}",
        presses(".composer-shortcuts button"),
        "[role=menuitem]",
        walks=False,
    ),
    Surface(
        "a question before an act", f"#/{BLOCKS}", presses("#messages [data-action-id=close]"), "dialog.confirm button"
    ),
    Surface("the app's Home", "#/app/home", shows="#home .block"),
    Surface("the app's messages", "#/app/messages", shows="#composer"),
    Surface("every input", f"#/{TALK}", says("/show everything"), FORM),
    Surface("a form with errors", f"#/{TALK}", says("/show complaining", _submitted), "#modal .field-error"),
    Surface(
        "a form on a form",
        f"#/{TALK}",
        says("/show lower", ON_TOP),
        "#modal .modal-back",
    ),
    Surface(
        "options as one types", f"#/{TALK}", says("/show everything", _typed_ahead), "#modal [role=option]", walks=False
    ),
    Surface("commands as one types", f"#/{TALK}", types("/"), COMPLETION, walks=False),
    Surface("people as one types", f"#/{TALK}", types("@p"), COMPLETION, walks=False),
    Surface(
        "the quick switcher", f"#/{TALK}", lambda page: page.keyboard.press("Control+k"), "#switcher [role=option]"
    ),
    Surface(
        "the open sidebar", f"#/{TALK}", presses("#menu-toggle"), "#menu-toggle[aria-expanded=true]", widths=(NARROW,)
    ),
    Surface("a channel of the demo", "#/C0PRGNOVA", real=True),
    Surface("the demo's Home", "#/app/home", shows="#home .block", real=True),
    Surface("the demo's help", "#/C0P104", says("/pm help"), "#messages [data-ephemeral]", real=True),
    Surface("a form of the demo", "#/C0P104", says("/risk Vendor slips"), FORM, real=True),
    Surface("a step of the tour", "#/C0P104", presses("#tour .primary"), "#tour .tour-count", real=True),
    Surface("the clock's panel", "#/C0P104", presses("#clock-toggle"), "#upcoming button", real=True),
    Surface("the traffic inspector", "#/C0P104", presses("#inspector-toggle"), ".exchange-row", real=True),
]
CASES = [pytest.param(surface, width, id=f"{surface}-{width}") for surface in SURFACES for width in surface.widths]


@pytest.fixture(scope="module")
def gallery() -> Iterator[Gallery]:
    gallery = Gallery()
    gallery.server.start()
    yield gallery
    gallery.server.stop()


TICKS = 6.0
"""Seconds in which each of the clock's ticks has had its turn."""


@pytest.fixture(scope="module")
def quiet_demo(demo: RunningDemo) -> RunningDemo:
    """What the first ticks of a demo say stands before anybody walks through it: a new message moves the focus."""
    address = f"{demo.url}/sandbox/messages?as=U0GRACEKIM&channel=C0PRGNOVA&peek=1"
    said, now = b"", b"nothing yet"
    while said != now:
        said = now
        time.sleep(TICKS)
        with urlopen(address) as answer:
            now = answer.read()
    return demo


@pytest.fixture
def at(page: Page, gallery: Gallery, quiet_demo: RunningDemo) -> Callable[[Surface, int], Page]:
    def go(surface: Surface, width: int) -> Page:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(reduced_motion="reduce")
        url, user = (quiet_demo.url, "U0GRACEKIM") if surface.real else (gallery.url, ADA)
        _close_forms(page, url, user)
        page.goto(f"{url}/?as={user}{surface.address}")
        expect(page.locator("#act-as")).to_have_value(user)
        at_first = "#home .block" if surface.address.endswith("home") else "#composer"
        expect(page.locator(at_first).first).to_be_visible()
        surface.prepare(page)
        expect(page.locator(f"{surface.shows}:visible").first).to_be_visible()
        return page

    return go


def _close_forms(page: Page, url: str, user: str) -> None:
    """What an earlier test left open is open in every window of that person."""
    state = page.request.get(f"{url}/sandbox/state", params={"as": user}).json()
    for view in reversed(state["modals"]):
        body = {"as": user, "do": "close", "view_id": view["id"]}
        page.request.post(f"{url}/sandbox/act", data=body, headers={"Origin": url})


@pytest.mark.parametrize(("surface", "width"), CASES)
def test_a_surface_is_whole_readable_named_and_in_reach(
    surface: Surface, width: int, at: Callable[[Surface, int], Page]
) -> None:
    page = at(surface, width)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert page_checks.faint(page) == [], scheme
    assert page_checks.wide(page) == []
    if width == surface.widths[0]:
        assert page_checks.nameless(page) == []
    if surface.walks:
        assert page_checks.out_of_reach(page) == []
        assert page_checks.without_ring(page) == []


# The page's own policy forbids styles in markup: they are set one by one.
ADD = """
(markup) => {
  const holder = document.createElement("div");
  holder.innerHTML = markup;
  for (const node of holder.querySelectorAll("[data-look]")) node.style.cssText = node.dataset.look;
  document.getElementById("messages").append(holder);
}
"""
FAULTS = [
    ("faint", '<p data-look="color: #8a8a8a">Faint words</p>', "Faint words"),
    ("faint", '<p data-look="opacity: .5"><span data-look="color: #555">Half transparent</span></p>', "Half"),
    ("faint", '<input value="Pale" aria-label="x" data-look="color: #999">', "<input>"),
    ("wide", '<p data-look="width: 3000px">Too wide for its scroller</p>', "3000"),
    ("wide", '<p data-look="position: fixed; left: 99%">Far out of the window</p>', "Far out"),
    ("out_of_reach", '<button tabindex="-1">Hidden from Tab</button>', "Hidden from Tab"),
    ("out_of_reach", '<span role="button" tabindex="-1">A span as a button</span>', "A span"),
    ("without_ring", '<button data-look="outline: none">No ring</button>', "No ring"),
    ("nameless", "<button><svg></svg></button>", "button"),
    ("nameless", "<select><option>One</option></select>", "select"),
]


def test_the_checks_find_what_is_wrong(at: Callable[[Surface, int], Page]) -> None:
    page = at(Surface("a conversation", f"#/{TALK}"), WIDE)
    page.emulate_media(color_scheme="light")
    for check, markup, words in FAULTS:
        page.evaluate(ADD, markup)
        if check == "without_ring":
            page_checks.out_of_reach(page)
        found = getattr(page_checks, check)(page)
        assert any(words in problem for problem in found), (markup, found)
        page.locator("#messages > :last-child").evaluate("(holder) => holder.remove()")
        assert getattr(page_checks, check)(page) == [] or check == "without_ring"
