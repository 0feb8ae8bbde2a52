"""Help, and what the bot says where something is not possible."""

from tests.pictures.stage import Stage

PROJECT = "C0P104"


def help_and_trouble(stage: Stage) -> None:
    stage.enter("grace.kim", PROJECT)
    stage.say("/pm help")
    stage.crop("help", stage.page.locator("#messages .ephemeral").last, phone=True)
    stage.say("/pm rsik Vendor <!channel> slips")
    stage.crop("wrong-word", stage.private("rsik"), phone=True)
    stage.say("/pm R-999")
    stage.crop("not-found", stage.private("R-999"))
    _too_late(stage)
    stage.enter("grace.kim", "C0NEWIDEA")
    stage.say("/pm setup")
    stage.crop_form("setup-form", "Set up this channel")
    stage.cancel()


def _too_late(stage: Stage) -> None:
    """The same record in two windows: what is done already is told."""
    title = "The pilot ends early"
    stage.says(f"/risk {title} p2 i2 #other", "Logged R-")
    receipt = stage.private("Logged R-")
    stage.choose(stage.card(title, "New Moderate"), "Close")
    stage.opened("Close a risk")
    stage.fill(reason="The pilot goes on until June")
    stage.submit()
    stage.card(title, "Closed:")
    stage.press(receipt, "risk.edit")
    stage.crop("refused-state", stage.private("is already closed"), phone=True)
