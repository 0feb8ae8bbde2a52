"""What a stranger does first: starts the demo, logs a risk through the page, and sees its card in the channel."""

from playwright.sync_api import expect

from tests.browsing import BROWSER, RunningDemo, field, say, visit

pytest_plugins = ["tests.browsing"]
pytestmark = BROWSER


def test_a_risk_typed_into_the_page_becomes_a_card_in_the_channel(demo, page):
    visit(page, demo.url, "U0GRACEKIM", "C0P104")
    say(page, "/risk Vendor slips the API")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    field(page, "probability").select_option("4")
    field(page, "impact").select_option("5")
    expect(dialog).to_contain_text("Extreme 20")
    field(page, "category").select_option("vendor")
    dialog.locator("button[type=submit]").click()
    card = page.locator("#messages [data-ts]", has_text="New Extreme risk:").last
    expect(card).to_contain_text("Vendor slips the API")
    expect(page.locator("#messages")).to_contain_text("Logged R-")


def test_an_error_is_shown_at_its_field_and_nothing_typed_is_lost(demo, page):
    visit(page, demo.url, "U0GRACEKIM", "C0P104")
    say(page, "/update")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amber: at risk").check()
    field(page, "summary").fill("Kept while the form complains")
    field(page, "path_to_green").fill("too short")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_contain_text("Amber and Red need a path to Green: what happens, who does it, by when.")
    expect(field(page, "summary")).to_have_value("Kept while the form complains")
    field(page, "path_to_green").fill("Borrow one engineer until Friday 10 April")
    dialog.locator("button[type=submit]").click()
    expect(page.locator("#messages [data-ts]", has_text="Merchant Onboarding is Amber").last).to_be_visible()


def test_a_week_is_played_and_asks_and_rollups_go_by(demo, page):
    visit(page, demo.url, "U0MAYACHEN", "C0PRGNOVA")
    expect(page.locator("#messages")).to_contain_text("Payments Platform Renewal, week 13")
    page.locator("#clock-toggle").click()
    page.locator("#plus-week").click()
    expect(page.locator("#clock-progress")).to_be_hidden(timeout=60_000)
    expect(page.locator("#messages")).to_contain_text("Payments Platform Renewal, week 14", timeout=60_000)
    page.goto(f"{demo.url}/?as=U0LUISORTEGA#/app/messages")
    expect(page.locator("#messages")).to_contain_text("Update status of Ledger Migration")


def test_the_demo_goes_on_where_it_was_after_a_restart(demo, folder, page):
    assert demo.stop() == 0
    again = RunningDemo(folder)
    try:
        visit(page, again.url, "U0GRACEKIM", "C0P104")
        expect(page.locator("#messages [data-ts]", has_text="Vendor slips the API").first).to_be_visible()
        say(page, "/pm R-43")
        expect(page.locator("#messages")).to_contain_text("I cannot find R-43")
    finally:
        assert again.stop() == 0
