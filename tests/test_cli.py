"""What the commands say of themselves, to somebody who never used them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli_words import ABOUT

RUN = Path(__file__).parents[1] / "run"
NAMED = re.compile(r"^  (?P<name>-\S.*?|[a-z]\w*)(?:  +(?P<words>\S.*))?$")
"""An option or an argument, with the beginning of what is said of it where that fits beside."""


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("command", ABOUT)
def test_a_command_says_what_it_does_and_what_each_of_its_options_is_for(command, capsys):
    lines = help_of(command, capsys)
    said = " ".join(" ".join(lines).split())
    assert ABOUT[command].replace("-", "")[:60] in said.replace("- ", "").replace("-", "")
    silent = [
        line.strip()
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if (found := NAMED.match(line)) and not found["words"] and not after.startswith(" " * 8)
    ]
    assert silent == []


def test_a_word_that_is_no_command_is_told_so_with_those_that_are():
    done = subprocess.run([sys.executable, str(RUN), "health"], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout.startswith("There is no ./run health.")
    assert "./run doctor" in done.stdout
