"""The pictures of docs/pictures/, taken anew: each scene from a demo that was never used before.

A scene shoots NAME-light-1280.png and its like: light and dark, some on a phone's width, too. Two runs differ in
their times only.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.browsing import CHROMIUM, FLAGS, ROOT, RunningDemo
from tests.pictures import scenes
from tests.pictures.stage import PICTURES, WIDE, Stage, watched

TOUR_DECLINED = '{"step":null,"seen":true}'


def wanted(words: list[str]) -> Mapping[str, scenes.Scene]:
    parser = argparse.ArgumentParser(prog="./run pictures", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=sorted(scenes.SCENES), metavar="NAME", help="of these scenes")
    only = parser.parse_args(words).only
    return {name: scenes.SCENES[name] for name in only} if only else scenes.SCENES


def play(browser: Browser, scene: scenes.Scene) -> tuple[list[str], list[str]]:
    """The pictures that were taken, and what went wrong on the page or between the app and its Slack."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        demo = RunningDemo(Path(folder) / "kept")
        try:
            declined: StorageState = {
                "cookies": [],
                "origins": [{"origin": demo.url, "localStorage": [{"name": "sandbox-tour", "value": TOUR_DECLINED}]}],
            }
            context = browser.new_context(viewport=WIDE, device_scale_factor=1, storage_state=declined)
            page = context.new_page()
            stage = Stage(page, demo.url, workbench=browser.new_page())
            with watched(page) as complaints:
                scene(stage)
            answer = page.request.get(f"{demo.url}/sandbox/traffic?after=0&problems=1").json()
            context.close()
            stage.workbench.close()
        finally:
            demo.stop()
    return stage.taken, [*complaints, *(str(line) for line in answer["lines"])]


def main() -> int:
    if CHROMIUM is None:
        sys.stderr.write("The pictures are taken with Chromium, which is not on this machine.\n")
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, scene in wanted(sys.argv[1:]).items():
            taken, problems = play(browser, scene)
            failed += len(problems)
            sys.stdout.write(f"{name}: {len(taken)} pictures\n")
            sys.stderr.writelines(f"  went wrong: {problem}\n" for problem in problems)
        browser.close()
    sys.stdout.write(f"The pictures are in {PICTURES.relative_to(ROOT)}.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
