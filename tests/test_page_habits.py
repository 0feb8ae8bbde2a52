"""What hands that know Slack expect of the page: keys, menus, forms, and words that stay words."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import BROWSER, field, say
from tests.gallery import ADA, BLOCKS, NOOR, Gallery
from tests.gallery_blocks import MESSAGES, mrkdwn
from tests.visiting import visit

pytest_plugins = ["tests.browsing", "tests.visiting"]
pytestmark = BROWSER


def shows(page: Page, form: str) -> None:
    say(page, f"/show {form}")
    expect(page.get_by_role("dialog")).to_be_visible()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.ariaLabel || ''"))


@pytest.mark.parametrize("name", MESSAGES)
def test_every_block_of_the_catalogue_is_shown(name: str, gallery: Gallery, page: Page) -> None:
    visit(page, gallery, BLOCKS)
    message = page.locator(f"#messages [data-ts='{gallery.posted[name]}']")
    assert message.locator("> .message-body > .content > .block").count() == len(MESSAGES[name])
    assert message.locator(".unsupported").count() == 0
    assert all(message.locator("> .message-body > .content > .block > *").nth(0).bounding_box() or ())


def test_a_block_the_page_does_not_know_is_named_instead_of_left_out(gallery: Gallery, page: Page) -> None:
    with gallery.sandbox.workspace.changing() as world:
        message = world.channels[BLOCKS].messages[gallery.posted["words"]]
        known, message.blocks = message.blocks, [{"type": "hologram", "block_id": "h"}]
    visit(page, gallery, BLOCKS)
    expect(page.locator(".unsupported")).to_have_text("“hologram” cannot be shown on this page.")
    message.blocks = known


def test_a_moment_is_shown_in_the_zone_of_the_reader(gallery: Gallery, page: Page) -> None:
    visit(page, gallery, BLOCKS)
    expect(page.locator("#messages")).to_contain_text("today at 3:00 PM")
    visit(page, gallery, BLOCKS, NOOR)
    expect(page.locator("#messages")).to_contain_text("today at 4:00 PM")


def test_markup_that_somebody_types_stays_text(gallery: Gallery, page: Page) -> None:
    hostile = '<img src=x onerror="document.title=1"> & <b>bold</b>'
    visit(page, gallery)
    say(page, hostile)
    last = page.locator("#messages [data-ts]").last
    expect(last).to_contain_text(hostile)
    gallery.post("x", [{"type": "section", "text": mrkdwn("&lt;b&gt;")}, {"type": "markdown", "text": hostile}])
    visit(page, gallery, BLOCKS)
    expect(page.locator("#messages .markdown").last).to_have_text(hostile)


def test_a_long_text_unfolds(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    page.locator(".see-more").first.click()
    expect(page.locator(".see-more[aria-expanded=true]")).to_have_text("See less")


def test_a_slash_offers_the_commands_and_tab_completes_one(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    composer = page.locator("#composer")
    composer.press_sequentially("/s")
    options = page.locator(".composer [role=option]:visible")
    expect(options).to_have_count(2)
    expect(options.first).to_contain_text("name of the form")
    expect(options.first).to_contain_text("Opens a form of the gallery")
    composer.press("ArrowDown")
    composer.press("Tab")
    expect(composer).to_have_value("/short ")
    composer.fill("")
    composer.press_sequentially("/sh")
    composer.press("Escape")
    expect(options).to_have_count(0)
    expect(composer).to_have_value("/sh")


def test_arrow_up_brings_back_the_last_line_and_shift_enter_breaks_it(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    say(page, "/short and more")
    composer = page.locator("#composer")
    expect(composer).to_have_value("")
    composer.press("ArrowUp")
    expect(composer).to_have_value("/short and more")
    composer.press("Shift+Enter")
    composer.press_sequentially("second line")
    expect(composer).to_have_value("/short and more\nsecond line")


def test_the_quick_switcher_leads_to_channels_and_to_people(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    page.keyboard.press("Control+k")
    page.keyboard.type("#project-33")
    page.keyboard.press("Enter")
    expect(page.locator("#place-title")).to_have_text("project-33")
    page.keyboard.press("Control+k")
    page.keyboard.type("person.7")
    page.keyboard.press("Enter")
    expect(page.locator("#act-as")).to_have_value("U10007")


def test_escape_closes_what_is_in_front_and_the_focus_goes_back(gallery: Gallery, page: Page) -> None:
    visit(page, gallery, BLOCKS)
    menu = page.locator("#messages .overflow").first
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Why me?")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Hand over")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    page.get_by_role("button", name="Close", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Close R-7?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_focused()


def test_arrows_go_from_message_to_message_and_into_a_thread_and_back(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    page.locator("#messages [data-ts][tabindex='0']").focus()
    page.keyboard.press("Home")
    first = page.locator("#messages [data-ts]").first
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    assert focused(page) == "Reply in thread"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "Copy link to message"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-composer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#thread")).to_be_hidden()
    assert focused(page) == "Reply in thread"


def test_what_came_meanwhile_stands_below_a_line(gallery: Gallery, page: Page) -> None:
    visit(page, gallery, BLOCKS)
    page.goto(f"{gallery.url}/?as={ADA}#/C0CROWDED")
    expect(page.locator("#composer")).to_be_enabled()
    gallery.post("News for Ada", [], channel=BLOCKS)
    expect(page.locator(f".place.unread[data-channel={BLOCKS}]")).to_be_visible()
    page.locator(f".place[data-channel={BLOCKS}]").click()
    expect(page.locator("#messages .new-line + [data-ts]")).to_contain_text("News for Ada")


def test_options_come_from_the_app_as_one_types(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    shows(page, "everything")
    project = field(page, "project")
    project.focus()
    expect(page.locator("#modal .typeahead-note").first).to_have_text("Type a character to see options.")
    project.press_sequentially("project 4")
    options = page.locator("#modal [role=option]:visible")
    expect(options).to_have_text(["Project 4", "Project 40"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(project).to_have_value("Project 40")
    others = field(page, "projects")
    for number in (1, 2):
        others.fill(f"project {number}")
        expect(options.first).to_have_text(f"Project {number}")
        page.keyboard.press("Enter")
    expect(page.locator("#modal .typeahead .chip")).to_have_text(["Project 1", "Project 2"])
    others.fill("nothing like it")
    note = page.locator("#modal .typeahead-note:not(:empty)")
    expect(note).to_have_text("Nothing fits.")
    gallery.is_silent = True
    others.fill("project 3")
    expect(note).to_contain_text("The options could not be loaded.")


def test_a_form_that_is_not_taken_says_so_and_keeps_what_was_typed(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    shows(page, "small")
    field(page, "title").fill("Kept")
    field(page, "date").fill("2026-04-03")
    gallery.is_silent = True
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#modal .banner")).to_contain_text("We had some trouble connecting. Try again?")
    expect(field(page, "title")).to_have_value("Kept")
    gallery.is_silent = False
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#modal")).to_be_hidden()


def test_errors_stand_at_their_inputs_and_the_first_gets_the_focus(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    shows(page, "complaining")
    field(page, "title").fill("Too short")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#modal [data-block-id=date] .field-error")).to_have_text("That is past.")
    expect(field(page, "title")).to_be_focused()


def test_the_room_left_in_a_text_is_told_when_it_gets_short(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    shows(page, "small")
    counter = page.locator("#modal .counter")
    expect(counter).to_be_hidden()
    field(page, "title").fill("x" * 50)
    expect(counter).to_have_text("10 left")
    field(page, "title").fill("x" * 64)
    expect(counter).to_have_text("4 too many")


def test_a_form_on_a_form_leads_back_to_what_was_typed_below(gallery: Gallery, page: Page) -> None:
    visit(page, gallery)
    shows(page, "lower")
    field(page, "title").fill("Below")
    page.get_by_role("button", name="Open another").click()
    expect(page.locator("#modal-title")).to_have_text("Small")
    page.get_by_role("button", name="Back to Lower").click()
    expect(page.locator("#modal-title")).to_have_text("Lower")
    expect(field(page, "title")).to_have_value("Below")
