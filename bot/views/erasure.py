"""What an erasure does, before it is done and afterwards."""

from bot.views.blocks import context, field, form, message, section, text_input
from bot.views.text import count, escape, name, sentence
from models.schemas.erasure import Erasure
from models.schemas.message import Message, View


def erase_form(erasure: Erasure, *, metadata: str) -> View:
    answers = count(erasure.answers, "check-in answer", "check-in answers")
    absences = count(erasure.absences, "entry of days off", "entries of days off")
    blocks = [
        section(
            f"*Erase {_called(erasure)} from what Stationmaster keeps.* This cannot be undone."
            "\nGone at once: name, Slack id, zone, hours, "
            f"{absences}, quiet times, the words of {answers}, and our copies of what they were sent."
        ),
        section(
            "*What stays:* what they logged, decided and changed, as *somebody*'s. "
            "Texts that others wrote about them stay too: take words out with `/pm redact`."
        ),
        section(
            "*Slack keeps its own:* messages that stand in Slack are not taken back. Our cards name nobody at their "
            "next change."
        ),
        *([section(_left(erasure))] if erasure.owns else []),
        field("reason", "Why? Without a name", text_input(most=200, least=5, example="Asked for by the person")),
        context("If they use Stationmaster again, or somebody names them, they are met as somebody new."),
    ]
    return form("erasure.erase", "Erase a person", "Erase", blocks, metadata=metadata)


def erased(erasure: Erasure) -> Message:
    """Private, for who did it; the name is not said again."""
    left = f"\n{_left(erasure)}" if erasure.owns else ""
    return message(
        sentence("The person is erased. What they did stays, as somebody's."),
        section(f"*Erased.* What they did stays, as somebody's.{left}"),
        context("Backups made before still hold the name, until you delete them."),
    )


def _called(erasure: Erasure) -> str:
    return name(erasure.person) if erasure.person.slack_id else escape(erasure.person.handle)


def _left(erasure: Erasure) -> str:
    what = count(erasure.owns, "open risk or project", "open risks and projects")
    return f"*{what} will have no owner who can be asked.* The next on the ladder is asked; hand them over."


ERASED_LINES = (
    "What they did stays, as somebody's. Messages in Slack stay, and so do texts that name them (/pm redact).",
    "Backups made before still hold the name, until you delete them.",
)
"""For a shell."""
