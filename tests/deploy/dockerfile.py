"""What a Dockerfile says, read as far as a test can follow it: no daemon is needed."""

import json
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
IGNORED = ROOT / "deploy" / "Dockerfile.dockerignore"


@dataclass(frozen=True)
class Instruction:
    word: str
    text: str

    @property
    def words(self) -> list[str]:
        """In the exec form, a JSON list; else as a shell splits them."""
        return json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)


def last_stage() -> list[Instruction]:
    """What the image is made of that runs."""
    said = list(_instructions(DOCKERFILE.read_text()))
    begins = max(number for number, each in enumerate(said) if each.word == "FROM")
    return said[begins:]


def _instructions(text: str) -> Iterator[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        yield Instruction(word, rest.strip())


def one(word: str) -> Instruction:
    (found,) = [each for each in last_stage() if each.word == word]
    return found


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for each in last_stage() if each.word == "ENV" for pair in each.words)


def health_command() -> list[str]:
    _, _, command = one("HEALTHCHECK").text.partition("CMD ")
    return json.loads(command)


def copied() -> list[tuple[str, str]]:
    """From where in the checkout, to where in the image; what another stage has made is not of the checkout."""
    found = []
    for each in last_stage():
        if each.word == "COPY" and not each.text.startswith("--from"):
            *sources, target = each.words
            found += [(source, target) for source in sources]
    return found


def allowed() -> set[str]:
    """What the build may read of the checkout: all is ignored but what the file names."""
    lines = [line for line in IGNORED.read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    return {line.removeprefix("!") for line in lines if line.startswith("!")}


def unpack(folder: Path) -> None:
    """The folder that the image works in, made of what is copied into it."""
    for source, target in copied():
        place = folder / (source if target == "./" else target)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)
