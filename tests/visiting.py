"""A gallery for all tests of a module, and the way into it.

A test module takes the fixtures with `pytest_plugins = ["tests.browsing", "tests.visiting"]`.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.gallery import ADA, TALK, Gallery


@pytest.fixture(scope="module")
def hall() -> Iterator[Gallery]:
    gallery = Gallery()
    gallery.server.start()
    yield gallery
    gallery.server.stop()


@pytest.fixture
def gallery(hall: Gallery) -> Iterator[Gallery]:
    """The one gallery of this module, each time without an open form and with an app that answers."""
    yield hall
    hall.is_silent = False
    ada = hall.sandbox.person(ADA)
    if ada.modals:
        ada.closes(all_views=True)


def visit(page: Page, gallery: Gallery, place: str = TALK, user: str = ADA) -> None:
    page.goto(f"{gallery.url}/?as={user}#/{place}")
    expect(page.locator("#messages [data-ts]").first).to_be_visible()
    page.locator("#composer").focus()
