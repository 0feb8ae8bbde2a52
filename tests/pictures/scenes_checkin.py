"""A check-in: set up in a channel, asked in direct messages, answered into a thread, and its blockers at the end."""

from playwright.sync_api import expect

from tests.pictures.stage import WIDE, Stage, slack_id

PROJECT = "C0P101"
BESIDE_LUIS = ("nina.rossi", "sam.okafor", "tom.becker")


def a_round(stage: Stage) -> None:
    _set_up(stage)
    stage.play_by("plus-hour")
    _answered(stage)
    stage.enter("luis.ortega", PROJECT)
    stage.crop("checkin-round", stage.sees("answered"), phone=True)
    _thread(stage, "checkin-round-thread")
    stage.play_by("plus-day")
    stage.crop(
        "checkin-summary", stage.page.locator("#thread-messages [data-ts]", has_text="Log risk").last, phone=True
    )
    stage.page.locator("#thread-close").click()
    stage.crop("checkin-round-over", stage.sees("answered"))


def _set_up(stage: Stage) -> None:
    stage.enter("luis.ortega", PROJECT)
    stage.say("/checkin")
    stage.opened("Set up a check-in")
    stage.fill(people=[slack_id(person) for person in BESIDE_LUIS])
    stage.crop_form("checkin-setup-form", "Set up a check-in")
    stage.submit()
    stage.crop("checkin-set-up", stage.sees("check-in"))


def _answered(stage: Stage) -> None:
    stage.messages_of("nina.rossi")
    stage.crop("checkin-dm", stage.message("minute"), phone=True)
    _answers(stage, "nina.rossi", "The bank's test files are read", "Compare them with the ledger", blocker="")
    _answers(stage, "tom.becker", "Half of the drift report", "The other half", blocker="No access to the test bank")


def _answers(stage: Stage, person: str, done: str, plan: str, *, blocker: str) -> None:
    stage.messages_of(person)
    asked = stage.page.locator("#messages [data-ts]", has=stage.page.locator("[data-action-id='checkin.answer']")).last
    stage.press(asked, "checkin.answer")
    texts = stage.opened("Check-in").locator("textarea")
    for number, words in enumerate((done, plan, blocker)):
        texts.nth(number).fill(words)
    if blocker:
        stage.crop_form("checkin-form", "Check-in")
    stage.submit()


def _thread(stage: Stage, name: str) -> None:
    stage.page.locator("#messages .reply-bar").last.click()
    expect(stage.page.locator("#thread-messages")).to_be_visible()
    stage.crop(name, stage.page.locator("#thread"), height=WIDE["height"])
