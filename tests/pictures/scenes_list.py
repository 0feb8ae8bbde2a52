"""Finding again: lists, their filters, search, and the two charts with their text."""

import re

from playwright.sync_api import expect

from tests.pictures.stage import Stage

FILES_ARRIVE = 3_000
"""Milliseconds."""
PROGRAM, PROJECT = "C0PRGNOVA", "C0P104"


def narrowed_and_shared(stage: Stage) -> None:
    stage.enter("maya.chen", PROGRAM)
    shown = stage.says("/pm risks", "open risks")
    stage.crop("list-risks", shown, phone=True)
    stage.press(shown, "risk.list_twin")
    expect(shown).to_contain_text("Show table")
    stage.crop("list-risks-text", shown)
    stage.press(shown, "risk.list_twin")
    expect(shown).to_contain_text("Show text")
    shown.locator("[data-action-id='risk.filter_level']").select_option(index=2)
    expect(shown).to_contain_text("Clear filters")
    stage.crop("list-risks-filtered", shown, phone=True)
    stage.press(shown, "risk.share_list")
    stage.crop("list-risks-shared", stage.sees("Shared by maya.chen"))
    for kind in ("decisions", "issues", "assumptions"):
        stage.say(f"/pm {kind}")
        stage.crop(f"list-{kind}", stage.private(f"open {kind}" if kind != "assumptions" else "assumption"))
    _empty(stage)
    _found(stage)


def _empty(stage: Stage) -> None:
    stage.enter("grace.kim", PROJECT)
    shown = stage.says("/pm risks", "open risks")
    shown.locator("[data-action-id='risk.filter_owner']").select_option("U0DANAWHITFIELD")
    stage.crop("list-empty", stage.private("No risk matches these filters"), phone=True)
    stage.enter("sam.guest", "C0P101")
    stage.say("/pm assumptions")
    stage.crop("list-none", stage.private("No assumption is logged here"))


def _found(stage: Stage) -> None:
    stage.enter("maya.chen", PROGRAM)
    stage.say("/pm search freeze")
    stage.crop("search", stage.private("hold these words"), phone=True)
    stage.say("/pm search unicorn")
    stage.crop("search-nothing", stage.private("No record holds these words"))
    stage.say("/pm R-1")
    stage.crop("record-shown", stage.private("R-1"))


def exported(stage: Stage) -> None:
    stage.enter("grace.kim", PROJECT)
    stage.says("/pm export", re.compile("export|files", re.IGNORECASE))
    stage.crop("export-coming", stage.page.locator("#messages .ephemeral").last)
    stage.messages_of("grace.kim")
    files = stage.page.locator("#messages [data-ts]", has_text=".csv").last
    expect(files).to_be_visible(timeout=60_000)
    stage.page.wait_for_timeout(FILES_ARRIVE)
    stage.crop("export-files", files)


def charts(stage: Stage) -> None:
    stage.enter("maya.chen", PROGRAM)
    _chart(stage, "heat-map", "/pm heatmap", "open risks,")
    _chart(stage, "burn-down", "/pm burndown", "Total risk score")


def _chart(stage: Stage, name: str, command: str, finding: str) -> None:
    stage.say(command)
    shown = stage.private(finding.rstrip(","))
    stage.crop(f"{name}-text", shown, phone=True)
    shown.get_by_role("button", name="Share here").click()
    picture = stage.page.locator("#messages [data-ts]:not(.ephemeral)", has_text=finding).filter(
        has=stage.page.locator("img[alt]")
    )
    expect(picture.last).to_be_visible(timeout=60_000)
    stage.page.wait_for_timeout(FILES_ARRIVE)
    stage.crop(name, picture.last, phone=True)
