"""The desk of a program manager, of an owner of many asks, of one of none, and of a guest."""

from tests.pictures.stage import Stage


def desks(stage: Stage) -> None:
    stage.crop("home-program-manager", stage.home_of("maya.chen"), phone=True)
    stage.crop("home-sponsor", stage.home_of("dana.whitfield"))
    stage.crop("home-owner", stage.home_of("luis.ortega"), phone=True)
    stage.crop("home-nothing", stage.home_of("nina.rossi"))
    stage.crop("home-guest", stage.home_of("sam.guest"))
    _many(stage)


def _many(stage: Stage) -> None:
    """New risks, issues and a week without an answer: the desk is grouped."""
    stage.enter("maya.chen", "C0P104")
    for number, words in enumerate(("Texas asks for another form", "The pilot ends early", "Training has no room")):
        stage.says(f"/risk {words} p4 i{5 - number} #scope @grace.kim", words)
    stage.enter("maya.chen", "C0P104")
    stage.play_by("plus-week")
    stage.crop("home-many", stage.home_of("grace.kim"), phone=True)
