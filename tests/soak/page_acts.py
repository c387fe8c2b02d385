"""Five hundred acts at random on the page and the panel of one OBS: they agree, the later one wins.

Usage: python -m tests.soak.page_acts [--acts N] [--obs VERSION …] [--seed N] [--write]

Without `--obs`: OBS 29, and 30 and 32 where they are there. The seed is printed; the same one
brings the same acts. With `--write` the figures become PAGE_ACTS.md. The whole takes about ten
minutes for each.
"""

from __future__ import annotations

import argparse
import datetime
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.page_world import CATEGORY, TAGS, TITLE, PageWorld
from tests.harness import Display, ObsChroot, ObsInstallation, Profile, wait_until
from tests.page.driver import BACKSPACE, ENTER, PageBrowser
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish

__all__ = ["PageActs", "main"]

_RESULTS = Path(__file__).with_name("PAGE_ACTS.md")
_LOOKED_AT = 25  # acts, after which the panel is compared, too
_BOX = "[data-key=update_on_start] input"
_SHOWN = (
    "document.activeElement.blur();"
    "return {title: document.querySelector('[data-key=title] textarea').value,"
    "tags: [...document.querySelectorAll('.chip span')].map((it) => it.textContent),"
    "category: document.querySelector('[data-key=category_entry] input').value,"
    "update: document.querySelector('[data-key=update_on_start] input').checked,"
    "unsent: document.querySelectorAll('.dirty').length}"
)
_CATEGORIES = ("Music", "Just Chatting", "")
_WEIGHTS = {
    "page title": 5,
    "page letter": 4,
    "page tag": 4,
    "page tag removed": 2,
    "page category": 2,
    "page box": 2,
    "page update": 2,
    "panel title": 5,
    "panel tags": 4,
    "panel box": 1,
    "panel update": 1,
    "reload": 1,
}


class PageActs:
    """Acts in an order that a seed gives, each of which both sides then show."""

    def __init__(self, world: PageWorld, seed: int) -> None:
        self.world = world
        self.counts: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._last: dict[str, Any] = {
            "title": "First",
            "tags": [],
            "category": "",
            "update": True,
        }

    def begin(self) -> None:
        """Start OBS, and open the page."""
        self.world.open_page(
            {"title": "First", "page_kept": True},
            profiles=[Profile(service=self.world.velora_service())],
        )

    def do(self, count: int) -> None:
        """Do so many more."""
        names, weights = list(_WEIGHTS), list(_WEIGHTS.values())
        for _ in range(count):
            number = self.counts.total()
            act = self._chance.choices(names, weights)[0]
            self.counts[act] += 1
            getattr(self, "_" + act.replace(" ", "_"))(f"{act} {number}")
            wait_until(
                self._agrees,
                what=f"the page to agree after act {number}, {act}",
                details=lambda: f"{self._shown()} instead of {self._last}",
            )
            if number % _LOOKED_AT == _LOOKED_AT - 1:
                self.compare_panel()

    def compare_panel(self) -> None:
        """Have the panel drawn anew, which has to show the same."""
        self.world.press("Refresh")
        panel = self.world.panel
        tags = [tag.strip() for tag in panel.text("Tags").split(",") if tag.strip()]
        found = {
            "title": panel.text("Title"),
            "tags": tags,
            "update": panel.ticked("Update when I go live"),
        }
        wanted = {name: self._last[name] for name in found}
        assert found == wanted, f"{found} instead of {wanted}"

    def _shown(self) -> Any:
        return self.world.page.run(_SHOWN)

    def _agrees(self) -> bool:
        return bool(self._shown() == {**self._last, "unsent": 0})

    # -- on the page -----------------------------------------------------------------------

    def _page_title(self, text: str) -> None:
        self.world.type_on_page(TITLE, text)
        self._last["title"] = text

    def _page_letter(self, _: str) -> None:
        """Type at the end, and leave before it is sent."""
        page, letter = self.world.page, self._chance.choice("ab é")
        page.focus(TITLE)
        page.run("const it = document.activeElement; it.setSelectionRange(999, 999)")
        page.press(f"{letter}.")
        self._last["title"] += f"{letter}."

    def _page_tag(self, text: str) -> None:
        self.world.page.focus(TAGS)
        self.world.page.press(text, ENTER)
        self._last["tags"] = [*self._last["tags"], text]

    def _page_tag_removed(self, _: str) -> None:
        self.world.page.focus(TAGS)
        self.world.page.press(BACKSPACE)
        self._last["tags"] = self._last["tags"][:-1]

    def _page_category(self, _: str) -> None:
        page, name = self.world.page, self._chance.choice(_CATEGORIES)
        page.focus(CATEGORY)
        page.run("document.activeElement.select()")
        page.press(name or BACKSPACE, ENTER)
        self._last["category"] = name

    def _page_box(self, _: str) -> None:
        self.world.page.focus(_BOX)
        self.world.page.press(" ")
        self._last["update"] = not self._last["update"]

    def _page_update(self, _: str) -> None:
        self.world.press_on_page("update_now")
        self._wait_sent()

    # -- in the panel ----------------------------------------------------------------------

    def _panel_title(self, text: str) -> None:
        self.world.panel.set_text("Title", text)
        self._last["title"] = text

    def _panel_tags(self, text: str) -> None:
        self.world.panel.set_text("Tags", f"{text}, more")
        self._last["tags"] = [text, "more"]

    def _panel_box(self, _: str) -> None:
        self.world.press("Refresh")  # what it shows may be older than the page's
        self.world.panel.tick("Update when I go live", not self._last["update"])
        self._last["update"] = not self._last["update"]

    def _panel_update(self, _: str) -> None:
        self.world.press("Update now")
        self._wait_sent()

    def _reload(self, _: str) -> None:
        self.world.reload()

    def _wait_sent(self) -> None:
        """Wait until Velora has the title; one that it has already is not sent again."""
        wanted = " ".join(self._last["title"].split())
        wait_until(
            lambda: " ".join((self.world.velora.account.title or "").split()) == wanted,
            what=f"Velora to have {wanted!r}",
        )


class _Outcome(NamedTuple):
    """How it went in one OBS."""

    version: str
    counts: Counter[str]
    seconds: float
    problem: str


def _installation(version: str) -> ObsInstallation:
    return ObsInstallation() if version == "29" else ObsChroot(version)


def _live_through(version: str, count: int, seed: int) -> _Outcome:
    installation, began = _installation(version), time.monotonic()
    named = ".".join(map(str, installation.version))
    with (
        tempfile.TemporaryDirectory(prefix="velora-page-acts-") as folder,
        Display() as display,
        PageBrowser() as browser,
        PageWorld(display, Path(folder), browser, installation=installation) as world,
    ):
        acts = PageActs(world, seed)
        try:
            acts.begin()
            while (done := acts.counts.total()) < count:
                acts.do(min(_LOOKED_AT, count - done))
                print(f"OBS {version}: {acts.counts.total()} acts", flush=True)
            acts.compare_panel()
            complaints = browser.complaints()
            assert complaints == []
            world.quit_clean()
        except Exception as error:  # whatever it is, it belongs into the report
            return _Outcome(named, acts.counts, time.monotonic() - began, f"{error!r:.2000}")
    return _Outcome(named, acts.counts, time.monotonic() - began, "")


def _report(outcomes: list[_Outcome], options: argparse.Namespace) -> str:
    now = datetime.datetime.now(datetime.timezone.utc)
    lines = [
        "# Acts on the page and the panel",
        "",
        f"`python -m tests.soak.page_acts --acts {options.acts} --seed {options.seed} --write`, "
        f"{now:%Y-%m-%d}.",
        "",
        "In one OBS with its page in a Chromium, acts at random on both. After each, the page has",
        f"to show what was entered last, wherever that was; after each {_LOOKED_AT} the panel is",
        "drawn anew and has to, too. *page letter* leaves the line before what was typed is sent;",
        "*reload* loads the script anew, to which the page then connects by itself.",
        "",
        "| act | " + " | ".join(f"OBS {outcome.version}" for outcome in outcomes) + " |",
        "| --- |" + " --: |" * len(outcomes),
        *(
            f"| {act} | " + " | ".join(str(outcome.counts[act]) for outcome in outcomes) + " |"
            for act in _WEIGHTS
        ),
        "| all | " + " | ".join(str(outcome.counts.total()) for outcome in outcomes) + " |",
        "| seconds | " + " | ".join(f"{outcome.seconds:.0f}" for outcome in outcomes) + " |",
        "",
    ]
    problems = [f"- OBS {outcome.version}: {outcome.problem}" for outcome in outcomes]
    lines += [line for line, outcome in zip(problems, outcomes, strict=True) if outcome.problem]
    if not any(outcome.problem for outcome in outcomes):
        lines.append(
            "Page and panel agreed after each, the browser had no complaint, and OBS quit as\nif "
            "the script had not been there."
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Return the exit code: 0 when they agreed throughout."""
    parser = command_parser("tests.soak.page_acts", __doc__)
    parser.add_argument("--acts", type=int, default=500)
    parser.add_argument("--obs", nargs="+", choices=("29", "30", "32"))
    seed = secrets.randbelow(1_000_000)
    parser.add_argument("--seed", type=int, default=seed, help="instead of a random one")
    add_write_option(parser, _RESULTS)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    there = [number for number in ("29", "30", "32") if _installation(number).missing() is None]
    wanted = options.obs or there
    outcomes = [_live_through(version, options.acts, options.seed) for version in wanted]
    text = _report(outcomes, options)
    publish(text, _RESULTS, write=options.write)
    return 1 if any(outcome.problem for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
