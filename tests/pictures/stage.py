"""A window of the demo in which a person types, presses and fills in, and of which pictures are taken."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error, Locator, Page, ViewportSize, expect

from tests.browsing import ROOT, say, visit
from tests.pictures.small import smaller

PICTURES = ROOT / "docs" / "pictures"
WIDE = ViewportSize(width=1280, height=800)
NARROW = ViewportSize(width=390, height=844)
WHOLE = 2600
"""Height of a window in which a whole form or Home stands without scrolling."""
PLAYING = 120_000
"""Milliseconds that a week may take on a slow machine."""
SETTLED = 250
"""Milliseconds."""
TRIES = 3
SCHEMES = ("light", "dark")
Words = str | re.Pattern[str]


@dataclass
class Stage:
    page: Page
    url: str
    workbench: Page
    """A blank page, on which pictures are made smaller."""
    folder: Path = PICTURES
    taken: list[str] = field(default_factory=list)

    # What a person does.

    def enter(self, person: str, place: str) -> None:
        """`person` by handle, as in "grace.kim"; `place` a channel's id or `app/messages`."""
        visit(self.page, self.url, slack_id(person), place)

    def messages_of(self, person: str) -> None:
        self.page.goto(f"{self.url}/?as={slack_id(person)}#/app/messages")
        expect(self.page.locator("#messages [data-ts]").first).to_be_visible()

    def home_of(self, person: str) -> Locator:
        self.page.goto(f"{self.url}/?as={slack_id(person)}#/app/home")
        home = self.page.locator("#home")
        expect(home.locator("[data-block-id]").first).to_be_visible()
        home.evaluate("node => { node.style.flex = 'none'; }")
        return home

    def say(self, text: str) -> None:
        say(self.page, text)

    def says(self, text: str, answer: Words) -> Locator:
        """The message that holds `answer`, once it is there."""
        self.say(text)
        return self.sees(answer)

    def sees(self, text: Words) -> Locator:
        shown = self.message(text)
        expect(shown).to_be_visible()
        return shown

    def message(self, text: Words) -> Locator:
        return self.page.locator("#messages [data-ts]", has_text=text).last

    def card(self, title: Words, state: Words) -> Locator:
        """The post that everyone in the channel sees."""
        posts = self.page.locator("#messages [data-ts]:not(.ephemeral)", has_text=title)
        shown = posts.filter(has_text=state).last
        expect(shown).to_be_visible()
        return shown

    def private(self, text: Words) -> Locator:
        """What this person alone is told."""
        shown = self.page.locator("#messages .ephemeral", has_text=text).last
        expect(shown).to_be_visible()
        return shown

    def press(self, shown: Locator, action: str) -> None:
        shown.locator(f"[data-action-id='{action}']").first.click()

    def choose(self, shown: Locator, label: str) -> None:
        """Behind the dots."""
        shown.locator("button.overflow").last.click()
        self.page.locator(".menu:popover-open").get_by_role("menuitem", name=label, exact=True).click()

    def choose_first(self, shown: Locator, label: str) -> None:
        """Behind the first dots of several."""
        shown.locator("button.overflow").first.click()
        self.page.locator(".menu:popover-open").get_by_role("menuitem", name=label, exact=True).click()

    @property
    def form(self) -> Locator:
        return self.page.locator("#modal")

    def opened(self, title: Words) -> Locator:
        expect(self.form.locator("#modal-title")).to_have_text(title)
        return self.form

    def fill(self, **values: str | Sequence[str]) -> None:
        for name, value in values.items():
            self._fill(self._field(name), value)

    def submit(self) -> None:
        self.form.locator("button[type=submit]").click()
        expect(self.form).to_be_hidden()

    def tries(self) -> None:
        """Submits a form that will not be taken."""
        self.form.locator("button[type=submit]").click()
        expect(self.form.locator(".field-error").locator("visible=true").first).to_be_visible()

    def cancel(self) -> None:
        self.form.get_by_role("button", name="Close all").click()
        expect(self.form).to_be_hidden()

    def _field(self, name: str) -> Locator:
        block = f"[data-block-id='{name}'], [data-block-id^='{name}@']"
        return self.form.locator(block).locator("[data-action-id]").first

    def _fill(self, control: Locator, value: str | Sequence[str]) -> None:
        kind = control.evaluate("node => node.classList.contains('checks') ? 'CHECKS' : node.tagName")
        if not isinstance(value, str):
            for each in value:
                control.select_option(each)
        elif kind == "CHECKS":
            control.locator(f"input[value='{value}']").check()
        elif kind == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)

    # The clock.

    def open_clock(self) -> None:
        self.page.locator("#clock-toggle").click()
        expect(self.page.locator("#upcoming button").first).to_be_visible()

    def play(self, button: Locator) -> None:
        button.click()
        expect(self.page.locator("#clock-progress")).to_be_visible()
        expect(self.page.locator("#clock-progress")).to_be_hidden(timeout=PLAYING)

    def play_by(self, button: str) -> None:
        """'plus-day', 'plus-week', 'play-monday': a button of the clock by its id."""
        self.open_clock()
        self.play(self.page.locator(f"#{button}"))
        self.page.keyboard.press("Escape")
        self.page.locator("#clock-toggle").blur()

    # Pictures.

    def shoot(self, name: str, shown: Locator, where: str = "nearest") -> None:
        """The whole window. `shown` is scrolled to its start or end, or only where out of sight."""
        for size in (WIDE, NARROW):
            for path in self._each_scheme(name, size):
                shown.evaluate("(node, block) => node.scrollIntoView({ block })", where)
                self._keep(path, self.page.screenshot(animations="disabled", caret="hide"))
        self.page.set_viewport_size(WIDE)

    def crop(self, name: str, shown: Locator, *, phone: bool = False, height: int = WHOLE) -> None:
        """One message, form or Home, all of it; with `phone` as it looks there, too."""
        for size in (WIDE, NARROW) if phone else (WIDE,):
            for path in self._each_scheme(name, ViewportSize(width=size["width"], height=height)):
                self._photograph(shown, path)
        self.page.set_viewport_size(WIDE)

    def _photograph(self, shown: Locator, path: Path) -> None:
        """Once more where it was drawn anew meanwhile: a card is edited when the app's word about it comes."""
        for attempt in range(TRIES):
            self.page.wait_for_timeout(SETTLED)
            try:
                picture = shown.screenshot(animations="disabled", caret="hide")
            except Error:
                if attempt + 1 == TRIES:
                    raise
            else:
                self._keep(path, picture)
                return

    def crop_form(self, name: str, title: Words, *, phone: bool = False) -> None:
        """The whole form: what a person has to scroll to is in the picture."""
        form = self.opened(title)
        form.evaluate("node => { node.style.maxHeight = 'none'; }")
        self.crop(name, form, phone=phone)
        form.evaluate("node => { node.style.maxHeight = ''; }")

    def _each_scheme(self, name: str, size: ViewportSize) -> Iterator[Path]:
        self.page.mouse.move(0, 0)
        # The tools of a message stand over it while it has the focus.
        self.page.evaluate("document.activeElement.closest('#messages, #home')?.ownerDocument.activeElement.blur()")
        self.page.set_viewport_size(size)
        for scheme in SCHEMES:
            self.page.emulate_media(color_scheme="light" if scheme == "light" else "dark", reduced_motion="reduce")
            path = self.folder / f"{name}-{scheme}-{size['width']}.png"
            yield path

    def _keep(self, path: Path, picture: bytes) -> None:
        path.write_bytes(smaller(self.workbench, picture))
        self.taken.append(path.name)


def slack_id(handle: str) -> str:
    return f"U0{''.join(sign for sign in handle.upper() if sign.isalnum())}"


@contextmanager
def watched(page: Page) -> Iterator[list[str]]:
    """What the page's scripts complain about meanwhile."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    yield said
