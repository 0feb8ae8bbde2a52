"""The daily message of an owner of many kinds: why, later, somebody else, three answers, all of them; a delegate's."""

import re

from playwright.sync_api import Locator, expect

from tests.pictures.stage import Stage, slack_id

WAITING = re.compile(r"asks? for today|asks? left of")


def one_a_day(stage: Stage) -> None:
    stage.enter("maya.chen", "C0PRGTERRA")
    stage.play_by("plus-hour")
    stage.messages_of("piotr.nowak")
    ask = stage.sees(WAITING)
    stage.crop("ask", ask, phone=True)
    _three_ways_out(stage, ask)
    _answered(stage, ask)
    stage.messages_of("marco.bianchi")
    stage.crop("ask-delegate", stage.sees("On behalf of"), phone=True)


def _three_ways_out(stage: Stage, ask: Locator) -> None:
    stage.choose_first(ask, "Why me?")
    stage.crop_form("ask-why-me", "Why me?")
    stage.cancel()
    stage.press(ask, "ask.snooze")
    stage.crop_form("ask-snooze-form", "Snooze")
    stage.cancel()
    stage.choose_first(ask, "Hand over")
    stage.opened("Hand over")
    stage.fill(to=slack_id("sofia.lindqvist"), note="You know the vendor's rehearsal plan.")
    stage.crop_form("ask-hand-over-form", "Hand over")
    stage.cancel()


def _answered(stage: Stage, ask: Locator) -> None:
    stage.press(ask, "milestone.achieve")
    expect(ask).to_contain_text("Done today")
    stage.press(ask, "assumption.confirm")
    expect(ask).to_contain_text("2 asks left of 4")
    stage.press(ask, "finding.update")
    stage.opened("Update")
    stage.fill(note="The rollback is rehearsed on Thu 2 Apr")
    stage.submit()
    expect(ask).to_contain_text("1 ask left of 4")
    stage.crop("ask-after-3", ask, phone=True)
    stage.press(ask, "risk.review")
    stage.opened("Review a risk")
    stage.fill(probability="3", next_review_on="2026-04-10", reason="A second weekend is free for wave 1")
    stage.submit()
    stage.crop("ask-all-done", stage.sees("All 4 asks are answered"), phone=True)
