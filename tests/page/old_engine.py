"""A browser with an engine as old as those in OBS 29 and 30: a program of its own.

Debian's Qt WebEngine has Chromium 102; the browser in OBS 29, 30.0 and 30.1 has Chromium 103. Its
bindings exist for the system's own interpreter only, so this file runs on that one and imports
nothing of the tests. It takes orders as lines of JSON, and answers each with one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QCoreApplication, QEvent, QSocketNotifier, Qt, QTimer, QUrl
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, qWebEngineChromiumVersion
from PyQt6.QtWebEngineWidgets import QWebEngineView
from PyQt6.QtWidgets import QApplication

# By WebDriver's names, which the tests use.
KEYS = {
    "\ue007": (Qt.Key.Key_Return, "\r"),
    "\ue004": (Qt.Key.Key_Tab, "\t"),
    "\ue00c": (Qt.Key.Key_Escape, "\x1b"),
    "\ue013": (Qt.Key.Key_Up, ""),
    "\ue015": (Qt.Key.Key_Down, ""),
    "\ue010": (Qt.Key.Key_End, ""),
    "\ue003": (Qt.Key.Key_Backspace, "\b"),
    " ": (Qt.Key.Key_Space, " "),
}
AGAIN = 10  # milliseconds between looks for a result that comes later

RUN = """(() => {
    const done = (value) => {
        window.__result = [value instanceof Node ? value.nodeName : (value ?? null)];
    };
    window.__result = null;
    try {
        const value = (function () { %s }).apply(null, %s);
        if (value?.then) value.then(done, (error) => done(String(error)));
        else done(value);
    } catch (error) {
        done(String(error));
    }
    return JSON.stringify(window.__result);
})()"""


def answer(value: object) -> None:
    print(json.dumps({"value": value}), flush=True)


class Page(QWebEnginePage):
    """A page that notes what the browser complains of."""

    def __init__(self, profile: QWebEngineProfile, view: QWebEngineView) -> None:
        super().__init__(profile, view)
        self.complaints: list[str] = []

    def javaScriptConsoleMessage(  # noqa: N802
        self, level: Any, message: str, line: int, source: str
    ) -> None:
        if level.name != "InfoMessageLevel":
            self.complaints.append(f"{source} {line} {message}")


class OldBrowser:
    """One window."""

    def __init__(self) -> None:
        self.view = QWebEngineView()
        self.profile = QWebEngineProfile()  # without a name it keeps nothing on the disk
        self.page = Page(self.profile, self.view)
        self.view.setPage(self.page)
        self.page.loadFinished.connect(self._loaded)
        self.loading = False
        self.view.resize(300, 900)
        self.view.show()
        self.view.activateWindow()
        self.view.setFocus()

    def take(self, order: dict[str, Any]) -> None:
        """Do what one line asks for."""
        name = order.pop("order")
        getattr(self, name)(**order)

    def version(self) -> None:
        answer(qWebEngineChromiumVersion())

    def open(self, url: str) -> None:
        self.loading = True
        self.view.setUrl(QUrl(url))

    def _loaded(self, _: bool) -> None:
        if self.loading:
            self.loading = False
            answer(None)

    def url(self) -> None:
        answer(self.page.url().toString())

    def resize(self, width: int, height: int, zoom: float) -> None:
        self.view.resize(width, height)
        self.view.setZoomFactor(zoom)
        answer(None)

    def complaints(self) -> None:
        found, self.page.complaints = self.page.complaints, []
        answer(found)

    def run(self, script: str, arguments: list[Any]) -> None:
        self.page.runJavaScript(RUN % (script, json.dumps(arguments)), self._result)

    def _result(self, text: str | None) -> None:
        found = json.loads(text or "null")
        if found is not None:
            answer(found[0])
            return

        def look() -> None:
            self.page.runJavaScript("JSON.stringify(window.__result)", self._result)

        QTimer.singleShot(AGAIN, look)

    def press(self, strokes: list[str], shift: bool) -> None:
        target = self.view.focusProxy()
        modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        for stroke in strokes:
            key, text = KEYS.get(stroke, (0, stroke))
            if shift and key == Qt.Key.Key_Tab:
                key = Qt.Key.Key_Backtab
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QCoreApplication.postEvent(target, QKeyEvent(kind, key, modifiers, text))
        answer(None)


def main() -> None:
    app = QApplication(sys.argv)
    browser = OldBrowser()

    def read() -> None:
        line = sys.stdin.readline()
        if line:
            browser.take(json.loads(line))
        else:
            app.quit()

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    take: Callable[..., None] = lambda *_: read()  # noqa: E731
    notifier.activated.connect(take)
    app.exec()


if __name__ == "__main__":
    main()
