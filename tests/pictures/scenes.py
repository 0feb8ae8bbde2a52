"""All scenes, by the name that `--only` takes."""

from collections.abc import Callable, Mapping

from tests.pictures import (
    scenes_ask,
    scenes_assumption,
    scenes_checkin,
    scenes_decision,
    scenes_escalation,
    scenes_help,
    scenes_home,
    scenes_issue,
    scenes_list,
    scenes_page,
    scenes_risk,
    scenes_rollup,
    scenes_seeing_ahead,
    scenes_shortcut,
    scenes_status,
    scenes_unsent,
)
from tests.pictures.stage import Stage

Scene = Callable[[Stage], None]

SCENES: Mapping[str, Scene] = {
    "page": scenes_page.the_page,
    "capture": scenes_risk.one_line,
    "risk": scenes_risk.its_life,
    "risk-ends": scenes_risk.its_ends,
    "issue": scenes_issue.its_life,
    "assumption": scenes_assumption.its_life,
    "decision": scenes_decision.weighed_and_decided,
    "decision-ends": scenes_decision.its_other_ends,
    "status": scenes_status.its_life,
    "list": scenes_list.narrowed_and_shared,
    "export": scenes_list.exported,
    "chart": scenes_list.charts,
    "home": scenes_home.desks,
    "shortcut": scenes_shortcut.from_a_message,
    "ask": scenes_ask.one_a_day,
    "checkin": scenes_checkin.a_round,
    "escalation": scenes_escalation.up_the_ladder,
    "rollup": scenes_rollup.of_programs,
    "ahead": scenes_seeing_ahead.what_is_coming,
    "unsent": scenes_unsent.out_of_a_channel,
    "help": scenes_help.help_and_trouble,
}
