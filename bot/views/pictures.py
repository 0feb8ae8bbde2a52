"""What is said around a chart: its text at once, then the picture."""

from collections.abc import Sequence
from datetime import date

from bot.views import burn_down, heat_map
from bot.views.blocks import button, context, message, section
from bot.views.text import cut, day, escape, name, sentence
from models.schemas.charts import BurnDown, HeatMap
from models.schemas.message import Block, Message
from models.schemas.people import PersonCard

COMING = "The picture comes to our direct messages."
NO_SCOPE = (
    "There is no picture: this app may not upload files (the scope files:write is missing). "
    "An admin adds it at the app's page; ./run doctor says how."
)
MOST_PLACE = 80


def text_twin(chart: HeatMap | BurnDown, value: str, *, shareable: bool, coming: bool) -> Message:
    """`value` says what the buttons are about; `coming` that the picture follows."""
    kind = "heatmap" if isinstance(chart, HeatMap) else "burndown"
    share = [button("Share here", f"risk.{kind}_share", value)] if shareable and not chart.is_empty else []
    told = _text(chart, *share, *([] if chart.is_empty else [_other(chart, value)]))
    return _with_line(told, COMING) if coming else told


def picture(chart: HeatMap | BurnDown, file_id: str, value: str, *, shared_by: PersonCard | None) -> Message:
    told = (
        heat_map.picture_message(chart, file_id, value, _other(chart, value))
        if isinstance(chart, HeatMap)
        else burn_down.picture_message(chart, file_id, value, _other(chart, value))
    )
    return _shared(told, shared_by)


def instead_of_picture(chart: HeatMap | BurnDown, *, shared_by: PersonCard | None, line: str | None = None) -> Message:
    """The twin where no picture can be, with a word about why, if there is one to say."""
    told = _text(chart)
    return _shared(_with_line(told, line) if line else told, shared_by)


def too_early(chart: BurnDown, friday: date) -> Message:
    """There are open risks, and no week has ended with one."""
    place = escape(cut(chart.place, MOST_PLACE))
    first = day(friday, chart.today)
    return message(
        sentence(f"No burn-down yet: {place}. Its first week ends on {first}."),
        section(f"*No burn-down yet: {place}*\nIts first week ends on {first}. `/pm heatmap` shows the open risks."),
    )


def not_in_channel(channel: str) -> Message:
    words = f"I am not in <#{channel}>, so the picture is not there yet."
    return message(words, section(f"{words} Type `/invite @stationmaster` there, and it follows."))


def _text(chart: HeatMap | BurnDown, *buttons: Block) -> Message:
    if isinstance(chart, HeatMap):
        return heat_map.text_message(chart, *buttons)
    return burn_down.text_message(chart, *buttons)


def _other(chart: HeatMap | BurnDown, value: str) -> Block:
    """The other view of the same risks."""
    if isinstance(chart, HeatMap):
        return button("Burn-down", "risk.burn_down", value)
    return button("Heat map", "risk.heat_map", value)


def _shared(told: Message, by: PersonCard | None) -> Message:
    return _with_line(told, f"Shared by {name(by)}") if by else told


def _with_line(told: Message, line: str) -> Message:
    def added(blocks: Sequence[Block]) -> list[Block]:
        return [*blocks, context(line)]

    fallback = None if told.fallback is None else added(told.fallback)
    return told.model_copy(update={"blocks": added(told.blocks), "fallback": fallback})
