"""The bot is removed from a project's channel: what its owner is told, and what `/pm health` says."""

from tests.pictures.stage import Stage

PROJECT = "C0P104"


def out_of_a_channel(stage: Stage) -> None:
    stage.enter("grace.kim", PROJECT)
    stage.crop("health-well", stage.says("/pm health", "All is well"), phone=True)
    stage.say("/remove @stationmaster")
    stage.say("/risk The vendor slips the API p4 i5 by Friday")
    stage.say("/risk The pilot has no support team p3 i4")
    stage.play_by("plus-hour")
    stage.messages_of("grace.kim")
    stage.crop("stopped", stage.sees("Nothing can be said in"), phone=True)
    stage.enter("maya.chen", "C0PRGNOVA")
    stage.crop("health", stage.says("/pm health", "until something is mended"), phone=True)
