"""A milestone that passed its date: its thread, up the ladder to the sponsor, acknowledged, and resolved."""

from playwright.sync_api import Locator, expect

from tests.pictures.stage import Stage

PROGRAM = "C0PRGNOVA"
NAME = "Dual-write live"
THREAD = 920
"""Pixels: all of its replies."""


def up_the_ladder(stage: Stage) -> None:
    stage.enter("luis.ortega", PROGRAM)
    stage.play_by("plus-hour")
    many = stage.sees("without an answer")
    stage.crop("escalation-many", many, phone=True)
    many.locator("[data-block-id]", has_text=NAME).locator("[data-action-id='escalation.open']").click()
    parent = stage.card(NAME, "Answer needed by")
    stage.crop("escalation-first", parent, phone=True)
    _climbs(stage)
    _is_acknowledged(stage)
    _is_redated(stage)


def _climbs(stage: Stage) -> None:
    """On the second working day, and on the fifth."""
    for level, person, days in (("manager", "maya.chen", 1), ("sponsor", "dana.whitfield", 3)):
        for _ in range(days):
            stage.play_by("plus-day")
        stage.crop(f"escalation-{level}", stage.card(NAME, f"Now with {person}"), phone=level == "sponsor")


def _is_acknowledged(stage: Stage) -> None:
    stage.enter("dana.whitfield", PROGRAM)
    stage.press(stage.card(NAME, "Now with"), "escalation.acknowledge")
    stage.opened("Acknowledged")
    stage.fill(note="The bank and I meet on Monday")
    stage.crop_form("escalation-note-form", "Acknowledged")
    stage.submit()
    stage.crop("escalation-acknowledged", stage.card(NAME, "has it"), phone=True)


def _is_redated(stage: Stage) -> None:
    stage.enter("luis.ortega", PROGRAM)
    stage.press(stage.card(NAME, "has it"), "milestone.redate")
    stage.opened("Re-date")
    stage.fill(due_on="2026-04-20", reason="The bank grants its test slot on Thu 16 Apr")
    expect(stage.form).to_contain_text("+24 days")
    stage.crop_form("escalation-redate-form", "Re-date")
    stage.submit()
    stage.crop("escalation-resolved", stage.card(NAME, "Resolved"), phone=True)
    _thread(stage)


def _thread(stage: Stage) -> Locator:
    card = stage.card(NAME, "Resolved")
    card.locator(".reply-bar").click()
    thread = stage.page.locator("#thread-messages")
    expect(thread).to_contain_text("Resolved")
    stage.crop("escalation-thread", stage.page.locator("#thread"), phone=True, height=THREAD)
    return thread
