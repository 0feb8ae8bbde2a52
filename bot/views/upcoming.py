"""What the clock will do next, in one line each."""

from models.schemas.people import PersonCard
from models.schemas.schedule import Step, Upcoming


def upcoming_line(event: Upcoming) -> str:
    """Plain text, not mrkdwn."""
    who, what = _name(event.person), event.place.name if event.place else ""
    match event.step:
        case Step.ASK:
            return f"{who} is asked for the status of {what}"
        case Step.REMIND:
            return f"{who} is reminded of the status of {what}"
        case Step.OVERDUE:
            return f"The status of {what} becomes overdue"
        case Step.MISSED:
            return f"The status of {what} counts as missed"
        case Step.ROLLUP:
            return f"Rollup of {what or 'all programs'}"
        case Step.MESSAGE:
            return f"A message for {who} leaves"


def _name(person: PersonCard | None) -> str:
    return person.handle if person else "a channel"
