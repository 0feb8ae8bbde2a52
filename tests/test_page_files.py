"""Shortcuts and files on the page: found by pointer and keyboard, named, and shown or saved."""

from playwright.sync_api import Locator, Page, expect

from tests.browsing import BROWSER
from tests.gallery import BLOCKS, Gallery
from tests.gallery_blocks import PICTURE, section
from tests.visiting import visit

pytest_plugins = ["tests.browsing", "tests.visiting"]
pytestmark = BROWSER


def title(page: Page) -> Locator:
    return page.locator("#modal-title")


def test_a_message_has_a_menu_of_shortcuts_for_the_keyboard(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    page.locator("#messages [data-ts][tabindex='0']").focus()
    page.keyboard.press("Home")
    first = page.locator("#messages [data-ts]").first
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    more = first.get_by_role("button", name="More actions")
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    item = page.get_by_role("menuitem", name="Keep as small")
    expect(item).to_be_focused()
    expect(item).to_contain_text("Gallery · Keeps what it says")
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    expect(item).to_be_focused()
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Small")
    assert gallery.got[-1]["type"] == "message_action"
    assert gallery.got[-1]["message_ts"] == first.get_attribute("data-ts")


def test_what_only_one_person_sees_has_no_such_menu(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    private = page.locator("#messages [data-ephemeral]").last
    private.hover()
    expect(private.get_by_role("button", name="More actions")).to_have_count(0)


def test_global_shortcuts_stand_beside_the_composer(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    page.keyboard.press("Shift+Tab")
    button = page.locator("#composer-form").get_by_role("button", name="Shortcuts")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem")).to_have_count(2)
    expect(page.get_by_role("menuitem", name="Show a small form")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Lower")
    assert gallery.got[-1]["type"] == "shortcut"


def test_the_quick_switcher_starts_them_too(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    page.keyboard.press("Control+k")
    page.keyboard.type("show a small")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Small")


def test_a_shortcut_that_is_not_taken_says_so(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    gallery.is_silent = True
    page.locator("#composer-form").get_by_role("button", name="Shortcuts").click()
    page.get_by_role("menuitem").first.click()
    expect(page.locator("#toast")).to_have_text("The app did not answer within 3 seconds.")


def test_a_picture_of_the_workspace_is_shown_and_one_that_is_gone_is_told_in_words(
    gallery: Gallery, page: Page
) -> None:
    visit(page, gallery, BLOCKS)
    message = page.locator(f"#messages [data-ts='{gallery.posted['pictures']}']")
    message.scroll_into_view_if_needed()
    shown = message.get_by_role("img", name="Heat map: 3 extreme, 2 high")
    expect(shown).to_have_js_property("naturalWidth", 640)
    expect(message.locator(".picture-text")).to_have_text(["Picture: A picture that cannot be loaded"])


def test_files_of_a_message_are_shown_or_saved_under_their_name(gallery: Gallery, page: Page) -> None:
    visit(page, gallery, BLOCKS)
    message = page.locator(f"#messages [data-ts='{gallery.posted['files']}']")
    expect(message).to_contain_text("The register")
    expect(message.get_by_role("img", name="Burn-down: 9 of 12 left <b>")).to_have_js_property("naturalWidth", 600)
    link = message.get_by_role("link", name="risks <b> of Ledger Migration.csv")
    expect(link).to_contain_text("24 bytes")
    with page.expect_download() as saving:
        link.click()
    assert saving.value.path().read_bytes() == b"id,title\n1,Vendor slips\n"


def test_the_newest_message_stays_in_sight_when_its_picture_comes_late(gallery: Gallery, page: Page) -> None:
    visit(page, gallery, BLOCKS)
    picture = {"type": "image", "slack_file": {"id": PICTURE}, "alt_text": "The newest"}
    gallery.post("Newest", [section("Above"), picture, section("Below the picture")])
    expect(page.get_by_role("img", name="The newest")).to_have_js_property("naturalWidth", 640)
    expect(page.get_by_text("Below the picture")).to_be_in_viewport()
