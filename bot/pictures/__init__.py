"""The pictures of the risk register: charts as SVG, which Slack is shown as PNG.

What is said beside them is in `bot/views/heat_map.py` and `bot/views/burn_down.py`. A chart that `is_empty` is not
drawn: its message is a sentence.
"""

from bot.pictures.burn_down import burn_down_svg
from bot.pictures.heat_map import heat_map_svg
from bot.pictures.png import to_png

__all__ = ["burn_down_svg", "heat_map_svg", "to_png"]
