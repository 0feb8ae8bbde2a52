"""A picture on its way: drawn and uploaded once, and posted when Slack is done with the file."""

from enum import Enum, auto

from slack_sdk.errors import SlackApiError

from bot.jobs.uploading import Uploaded, UploadFailed, complete, send_bytes
from bot.pictures import burn_down_svg, heat_map_svg, to_png
from bot.runtime import Runtime
from bot.services import delivery, outbox, pictures
from bot.services.pictures import Chart
from bot.views import burn_down, heat_map
from bot.views import pictures as views
from models.schemas.charts import HeatMap
from models.schemas.delivery import Claim
from models.schemas.message import Message
from models.schemas.pictures import PictureOrder

MISSING_SCOPE = "missing_scope"


class Lost(Exception):
    """The lease ended meanwhile: another process sends this picture."""


class File(Enum):
    ABSENT = auto()
    AT_WORK = auto()
    """Slack has it, and refuses a message with it for some seconds still."""
    READY = auto()


def prepare(runtime: Runtime, claim: Claim) -> Claim | None:
    """The claim with the message to post; None while Slack is not done with the file. Raises what Slack answers.

    The file's id and the message are kept before the upload is completed: whatever happens then, a later attempt
    goes on with the same file, or finds that there is none.
    """
    order = PictureOrder.model_validate(claim.body)
    state = _look(runtime, order.file)
    if state is File.ABSENT:
        try:
            order = _draw(runtime, claim, order)
        except Lost:
            return None
        state = _look(runtime, order.file) if order.file else File.READY
    return claim.model_copy(update={"body": order.message}) if state is File.READY else None


def tell_missing(runtime: Runtime, claim: Claim) -> None:
    """The bot is not in the channel: who shared it is told, once. It follows when the bot is invited."""
    order = PictureOrder.model_validate(claim.body)
    words = views.not_in_channel(claim.target)
    with runtime.database.write(claim.workspace_id) as session:
        key = f"{claim.message_key}:unreached"
        delivery.post(session, words, key=key, to=order.person, now=runtime.now())


def _look(runtime: Runtime, file_id: str | None) -> File:
    if file_id is None:
        return File.ABSENT
    try:
        file = runtime.slack.files_info(file=file_id)["file"]
    except SlackApiError as problem:
        match problem.response.get("error"):
            case "file_not_found" | "file_deleted":
                return File.ABSENT
            case "missing_scope":  # nobody may ask: the message itself is tried
                return File.READY
        raise
    return File.READY if file.get("mimetype") else File.AT_WORK


def _draw(runtime: Runtime, claim: Claim, order: PictureOrder) -> PictureOrder:
    """The order with its message and, where there is something to draw and Slack takes it, its file."""
    with runtime.database.read(claim.workspace_id) as session:
        chart, person = pictures.chart_of(session, order, now=runtime.now())
    shared_by = person if order.shared else None
    if chart.is_empty:
        return _with_message(order, claim, views.instead_of_picture(chart, shared_by=shared_by))
    try:
        uploaded = send_bytes(runtime, f"{order.kind.replace('_', '-')}.png", _png(chart), _alt_text(chart))
    except SlackApiError as problem:
        if problem.response.get("error") != MISSING_SCOPE:
            raise
        return _with_message(order, claim, views.instead_of_picture(chart, shared_by=shared_by, line=views.NO_SCOPE))
    words = views.picture(chart, uploaded.id, order.place, shared_by=shared_by)
    drawn = _with_message(order.model_copy(update={"file": uploaded.id}), claim, words)
    _keep(runtime, claim, drawn)
    _complete(runtime, uploaded)
    return drawn


def _complete(runtime: Runtime, uploaded: Uploaded) -> None:
    try:
        complete(runtime, [uploaded])
    except SlackApiError as problem:
        if problem.response.get("error") != "file_not_found":
            raise
        raise UploadFailed("its address took the bytes, and Slack does not have them") from problem


def _keep(runtime: Runtime, claim: Claim, drawn: PictureOrder) -> None:
    with runtime.database.write(claim.workspace_id) as session:
        if not outbox.remember(session, claim, drawn.model_dump(mode="json"), now=runtime.now()):
            raise Lost


def _with_message(order: PictureOrder, claim: Claim, words: Message) -> PictureOrder:
    return order.model_copy(update={"message": delivery.body_of(words, claim.message_key)})


def _png(chart: Chart) -> bytes:
    return to_png(heat_map_svg(chart) if isinstance(chart, HeatMap) else burn_down_svg(chart))


def _alt_text(chart: Chart) -> str:
    return heat_map.alt_text(chart) if isinstance(chart, HeatMap) else burn_down.alt_text(chart)
