"""The steps of a journey: people at screens of their own, and what every page on the way must keep to."""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
ZOOMED = {"width": 720, "height": 450}  # a desk's screen at 200 %: half as many CSS pixels each way
PATIENCE = 30_000  # milliseconds; a busy machine may take its time
PICTURES = os.environ.get("JOURNEY_PICTURES", "")  # a folder: every page on the way is drawn into it

# What a page is made of: elements with their classes, states and languages, and where each stands.
PARTS = """() => [...new Set(Array.from(document.querySelectorAll('body *:not(svg *)'), (each) => [
    document.documentElement.lang, each.parentNode.localName, each.parentNode.className, each.localName, each.className,
    ...Array.from(each.attributes, (held) => held.name)].join(' ')))].join('|')"""
WIDER = "document.scrollingElement.scrollWidth - window.innerWidth"
SENDER = "main .button--primary:visible, main button[type=submit]:visible"
REACHED = """(main) => {
    const at = document.activeElement;
    if (at !== main) return false;
    const style = getComputedStyle(at);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none' ? 'seen' : 'unseen';
}"""


@dataclass
class Seen:
    """What was looked at closely already on screens of one size, whoever sat before them and in whichever story."""

    shapes: set[tuple[str, int]] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)


class Screen:
    """One person's browser. Every page that opens in it is looked at; `tells` and `hides` are what stands there."""

    def __init__(self, page: Any, *, who: str, seen: Seen, scripted: bool = True) -> None:
        self.page, self.who, self.scripted, self.seen = page, who, scripted, seen
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._note)
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))

    # -- going about ------------------------------------------------------------------------------------------
    def open(self, address: str, *, status: int = 200) -> Screen:
        """Go to an address."""
        return self._arrived(self.page.goto(address), status)

    def press(self, words: str, *, status: int = 200) -> Screen:
        """Press the button or link of these words, and arrive on the page behind it."""
        with self.page.expect_navigation() as going:
            self.thing(words).click()
        return self._arrived(going.value, status)

    def tap(self, words: str) -> Screen:
        """Press something that changes the page without leaving it."""
        self.thing(words).click()
        return self

    def unfold(self, words: str) -> Screen:
        """Open what is folded under these words."""
        self.page.locator("summary").filter(has_text=words).filter(visible=True).first.click()
        return self

    def key(self, letter: str) -> Screen:
        """Press a key that leads to another page."""
        with self.page.expect_navigation() as going:
            self.page.keyboard.press(letter)
        return self._arrived(going.value, 200)

    def thing(self, words: str) -> Any:
        """The visible button or link of these words on the page itself; else one whose words begin so, anywhere.

        What is not in sight is looked for under 更多, where a case's page keeps what is done less often.
        """
        found = self._visible(words)
        folded = self.page.locator("details.more:not([open]) > summary").filter(visible=True)
        if found is None and folded.count():
            folded.first.click()
            found = self._visible(words)
        if found is None:
            raise AssertionError(
                f"{self.who}, {self.page.url}: nothing called {words} in\n{_folded(self.words)}"
            )
        return found

    def _visible(self, words: str) -> Any:
        main = self.page.locator("main")
        begins = re.compile(rf"^\s*{re.escape(words)}")
        for within, name, exact in ((main, words, True), (main, begins, False), (self.page, begins, False)):
            pressed = within.get_by_role("button", name=name, exact=exact)
            found = pressed.or_(within.get_by_role("link", name=name, exact=exact)).filter(visible=True)
            if found.count():
                return found.first
        return None

    # -- filling in -------------------------------------------------------------------------------------------
    def write(self, label: str, words: str) -> Screen:
        """Write into the field of this label."""
        self._field(label).fill(words)
        return self

    def pick(self, label: str, choice: str) -> Screen:
        """Choose from a list by the words of a choice."""
        field = self._field(label)
        options = field.locator("option").all_inner_texts()
        field.select_option(label=next(each for each in options if choice in each))
        return self

    def tick(self, question: str, choice: str) -> Screen:
        """Answer a question by tapping the words of one of its choices."""
        answers = self.page.get_by_role("group", name=question).locator("label.choice")
        answers.filter(has_text=re.compile(rf"^\s*{re.escape(choice)}")).first.click()
        return self

    def add_file(self, label: str, *, name: str, content: bytes) -> Screen:
        """Choose a file."""
        file = {"name": name, "mimeType": "image/png", "buffer": content}
        self.page.get_by_label(label).set_input_files(file)
        return self

    def written(self, label: str) -> str:
        """What stands in a field."""
        return self._field(label).input_value()

    def _field(self, label: str) -> Any:
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}")).filter(visible=True).first

    # -- reading ----------------------------------------------------------------------------------------------
    @property
    def words(self) -> str:
        """Everything that can be read on the page, folded or not; what is typed into fields is not in it."""
        return self.page.locator("main").text_content() or ""

    def receipt(self) -> tuple[str, str]:
        """The number and the code on the receipt before us."""
        number, code = (self.page.locator(f".receipt__{part}").inner_text() for part in ("number", "code"))
        return number, code

    def tells(self, *sentences: str) -> Screen:
        """Each of these stands on the page."""
        missing = [each for each in sentences if each not in self.words]
        assert not missing, f"{self.who}, {self.page.url}: not told {missing} in\n{_folded(self.words)}"
        return self

    def hides(self, *secrets: str) -> Screen:
        """None of these is anywhere in the page's source."""
        source = self.page.content()
        found = [each for each in secrets if each in source]
        assert not found, f"{self.who}, {self.page.url}: shows {found}"
        return self

    def in_english(self, address: str) -> Screen:
        """Look at a page in English, and come back to Chinese."""
        context = self.page.context
        origin = "/".join(self.page.url.split("/", 3)[:3])
        context.add_cookies([{"name": "django_language", "value": "en", "url": f"{origin}/"}])
        self.open(address)
        assert self.page.locator("html").get_attribute("lang") == "en"
        context.clear_cookies(name="django_language")
        return self

    # -- what every page keeps to -----------------------------------------------------------------------------
    def _arrived(self, response: Any, status: int) -> Screen:
        assert response is not None and response.status == status, (
            f"{self.who}, {self.page.url}: {getattr(response, 'status', None)} instead of {status}\n"
            f"{_folded(self.words)}"
        )
        self._draw()
        if status == 422:
            self.complaints = [each for each in self.complaints if "422" not in each]
        assert not self.complaints, f"{self.who}, {self.page.url}: {self.complaints}"
        shape = (re.sub(r"[\d-]{6,}", "…", self.page.url), status)
        self._fits("as it opens")
        new_to_axe = self._read_by_axe()
        if new_to_axe or shape not in self.seen.shapes:
            self.seen.shapes.add(shape)
            self._look_closer()
        return self

    def _look_closer(self) -> None:
        """Once for every kind of page and of thing on it: large type or zoom, the main button by keyboard alone."""
        if self.page.viewport_size == DESK:
            self.page.set_viewport_size(ZOOMED)
            self._fits("at 200 %")
            self.page.set_viewport_size(DESK)
        else:
            self.page.evaluate("document.documentElement.setAttribute('data-size', 'large')")
            self._fits("in large type")
            self.page.evaluate("document.documentElement.removeAttribute('data-size')")
        self._reach_main_button()

    def _read_by_axe(self) -> bool:
        """Axe reads a page, unless all that is on it is of kinds it read before on this size; whether it did."""
        parts = set(self.page.evaluate(PARTS).split("|")) if self.scripted else set()
        if parts <= self.seen.parts:
            return False
        self.seen.parts |= parts
        found = Axe().run(self.page, options={"resultTypes": ["violations"]})
        assert not found.violations_count, f"{self.who}, {self.page.url}: {found.generate_report()}"
        return True

    def _fits(self, when: str) -> None:
        wider = self.page.evaluate(WIDER)
        assert wider <= 0, f"{self.who}, {self.page.url} {when}: {wider} px wider than the screen"

    def _reach_main_button(self) -> None:
        main = self.page.locator(SENDER)
        if not main.count():
            return
        wanted = main.first.element_handle()
        self.page.locator("a.skip").focus()
        for _step in range(150):
            self.page.keyboard.press("Tab")
            if reached := self.page.evaluate(REACHED, wanted):
                assert reached == "seen", f"{self.who}, {self.page.url}: the focus cannot be seen"
                return
        raise AssertionError(f"{self.who}, {self.page.url}: no key leads to the main button")

    def _note(self, said: Any) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    def _draw(self) -> None:
        if PICTURES:
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            number = len(list(folder.glob("*.png"))) + 1
            place = re.sub(r"[^a-z]+", "-", self.page.url.split("/", 3)[-1]).strip("-") or "home"
            self.page.screenshot(path=folder / f"{number:03}-{self.who}-{place}.png", full_page=True)


def _folded(words: str) -> str:
    return re.sub(r"\s+", " ", words)[:3000]


Sit = Callable[..., Screen]


def photo() -> bytes:
    """A small picture: a dark street under an orange sky."""
    rows = b"".join(b"\0" + (b"\xe8\x8a\x1c" if y < 40 else b"\x1c\x27\x33") * 96 for y in range(64))

    def part(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 96, 64, 8, 2, 0, 0, 0)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
