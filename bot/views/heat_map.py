"""The heat map of open risks: the message with the picture, and its twin in text."""

from bot.views.blocks import actions, button, context, message, section
from bot.views.text import BAND_SIGN, count, cut, escape, link, listed, sentence
from models.schemas.charts import HeatMap, HeatRisk
from models.schemas.message import Block, Message
from models.schemas.risk import Band

SCALE = range(1, 6)
MOST_IDS = 12
MOST_ALT = 1000
MOST_PLACE = 80
MOST_SECTION = 2400
"""Of Slack's 3,000 characters."""

EXPLAINED = "P = probability, I = impact. Number = risks in the cell. E Extreme, H High, M Moderate, L Low."


def letter(band: Band) -> str:
    return band.title()[0]


def headline(chart: HeatMap) -> str:
    """The finding: '36 open risks, 9 Extreme', of the worst band that there is. Plain text."""
    risks = count(len(chart.risks), "open risk")
    found = _counts(chart)
    if not found:
        return "No open risk"
    band, many = found[0]
    if many == len(chart.risks):
        return f"{risks}, {'all ' if many > 1 else ''}{band.title()}"
    return f"{risks}, {many} {band.title()}"


def alt_text(chart: HeatMap) -> str:
    """The picture's whole content for those who do not see it: every number, and the ids of the worst band."""
    found = _counts(chart)
    if not found:
        return f"{headline(chart)}."
    (worst, many), *others = found
    ids = listed([risk.ref for risk in chart.of_band(worst)], MOST_IDS)
    rest = "".join(f", {band.title()} {number}" for band, number in others).removeprefix(", ")
    cells = ", ".join(
        f"P{probability} × I{impact} {len(risks)}" for probability, impact, risks in _cells(chart) if risks
    )
    says = [
        f"Heat map of {count(len(chart.risks), 'open risk')}, probability by impact.",
        f"{worst.title()} {many}: {ids}.",
        f"{rest}." if rest else "",
        f"Risks in each cell: {cells}.",
    ]
    return cut(" ".join(part for part in says if part), MOST_ALT)


def picture_message(chart: HeatMap, file_id: str, value: str, *others: Block) -> Message:
    """`file_id` is of the uploaded picture, `value` what 'Show text' carries, `others` more buttons beside it."""
    if chart.is_empty:
        return nothing(chart, *others)
    return message(
        sentence(f"Risk heat map: {headline(chart)}."),
        section(f"*{headline(chart)}*"),
        {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt_text(chart)},
        actions(button("Show text", "risk.heatmap_text", value), *others),
    )


def text_message(chart: HeatMap, *buttons: Block) -> Message:
    """The twin: counts in a grid, then the ids, worst band first."""
    if chart.is_empty:
        return nothing(chart, *buttons)
    bands = ", ".join(f"{number} {band.title()}" for band, number in _counts(chart))
    risks = count(len(chart.risks), "open risk")
    return message(
        sentence(f"Risk heat map of {risks}: {bands}."),
        section(f"*{bands}* · {risks}"),
        _preformatted(grid(chart)),
        context(EXPLAINED),
        *_ids(chart),
        actions(*buttons) if buttons else None,
    )


def nothing(chart: HeatMap, *buttons: Block) -> Message:
    place = escape(cut(chart.place, MOST_PLACE))
    return message(
        sentence(f"No open risk: {place}. There is no heat map to draw."),
        section(f"*No open risk: {place}*\nThere is no heat map to draw."),
        actions(*buttons) if buttons else None,
    )


def grid(chart: HeatMap) -> str:
    """24 characters wide, which fits a phone; wider only where a hundred risks share a cell."""
    rows = [
        [_cell(chart.band(probability, impact), chart.cell(probability, impact)) for impact in SCALE]
        for probability in SCALE
    ]
    wide = max(4, 1 + max(len(cell) for row in rows for cell in row))
    lines = [
        f"P{probability} |" + "".join(cell.rjust(wide) for cell in rows[probability - 1])
        for probability in reversed(SCALE)
    ]
    lines += ["   +" + "-" * wide * 5, "    " + "".join(f"I{impact}".rjust(wide) for impact in SCALE)]
    return "\n".join(lines)


def _cell(band: Band, risks: list[HeatRisk]) -> str:
    return f"{len(risks)}{letter(band)}" if risks else "·"


def _preformatted(text: str) -> Block:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }


def _ids(chart: HeatMap) -> list[Block]:
    sections = [""]
    for band, _ in _counts(chart):
        words = _band_line(band, chart.of_band(band))
        if sections[-1] and len(sections[-1]) + 1 + len(words) <= MOST_SECTION:
            sections[-1] += f"\n{words}"
        else:
            sections.append(words)
    return [section(words) for words in sections if words]


def _band_line(band: Band, risks: list[HeatRisk]) -> str:
    label = f"{BAND_SIGN[band]} *{len(risks)} {band.title()}:* "
    linked = label + listed([link(escape(risk.ref), risk.link) for risk in risks], MOST_IDS)
    plain = label + listed([escape(risk.ref) for risk in risks], MOST_IDS)
    return linked if len(linked) <= MOST_SECTION else plain


def _counts(chart: HeatMap) -> list[tuple[Band, int]]:
    """Of the bands that hold a risk, worst first."""
    return [(band, number) for band in Band if (number := len(chart.of_band(band)))]


def _cells(chart: HeatMap) -> list[tuple[int, int, list[HeatRisk]]]:
    return [
        (probability, impact, chart.cell(probability, impact))
        for probability in reversed(SCALE)
        for impact in reversed(SCALE)
    ]
