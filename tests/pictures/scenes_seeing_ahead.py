"""What will be sent, days off, one's own hours, how a program is run, and how well its asks do."""

from tests.pictures.stage import Stage

PROGRAM = "C0PRGNOVA"


def what_is_coming(stage: Stage) -> None:
    stage.enter("maya.chen", PROGRAM)
    stage.crop("preview", stage.says("/pm preview", "14 days"), phone=True)
    stage.crop("settings", stage.says("/pm settings", "(default)"))
    stage.press(stage.private("(default)"), "settings.edit")
    stage.crop_form("settings-form", "Edit")
    stage.cancel()
    stage.say("/pm away")
    stage.crop_form("away-form", "Days off")
    stage.cancel()
    stage.crop("away-set", stage.says("/pm away 9 Apr to 14 Apr @luis.ortega covers", "away"), phone=True)
    stage.crop("own-calendar", stage.says("/pm me", "hours"))
    stage.play_by("plus-week")
    stage.crop("asks-how-well", stage.says("/pm asks", "asking went"))
