"""Meld Studio's interface by Qt's own WebChannel and WebSocket server: a program of its own.

It prints its port, and then what its clients ask for, each as a line of JSON. Lines of JSON on its
input change its properties; it ends with its input.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from PySide6.QtCore import Property, QCoreApplication, QObject, QSocketNotifier, Signal, Slot
from PySide6.QtNetwork import QHostAddress
from PySide6.QtWebChannel import QWebChannel, QWebChannelAbstractTransport
from PySide6.QtWebSockets import QWebSocket, QWebSocketServer


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


class Transport(QWebChannelAbstractTransport):
    """Between a client's socket and the channel."""

    def __init__(self, socket: QWebSocket) -> None:
        super().__init__(socket)
        self._socket = socket
        socket.textMessageReceived.connect(self._received)

    def sendMessage(self, message: Any) -> None:  # noqa: N802
        self._socket.sendTextMessage(json.dumps(message))

    def _received(self, text: str) -> None:
        self.messageReceived.emit(json.loads(text), self)


class Meld(QObject):
    """What Meld Studio exposes, as far as it is of interest."""

    streaming_changed = Signal()
    session_changed = Signal()
    gainUpdated = Signal(str, float, bool)  # noqa: N815

    def __init__(self) -> None:
        super().__init__()
        self.streams, self.items = False, {}  # type: ignore[var-annotated]

    @Property(bool, notify=streaming_changed)
    def isStreaming(self) -> bool:  # noqa: N802
        return self.streams

    @Property("QVariantMap", notify=session_changed)
    def session(self) -> dict[str, Any]:
        return {"items": self.items}

    @Property(int, constant=True)
    def version(self) -> int:
        return 2

    @Slot(str)
    def sendCommand(self, command: str) -> None:  # noqa: N802
        say(command=command)

    @Slot(str, str, "QVariant")
    def setProperty(self, item: str, name: str, value: Any) -> None:  # noqa: N802
        self.items = {**self.items, item: {**self.items[item], name: value}}
        self.session_changed.emit()
        say(item=item, **{name: value})

    def take(self, change: dict[str, Any]) -> None:
        if "items" in change:
            self.items = change["items"]
            self.session_changed.emit()
        if "streams" in change:
            self.streams = change["streams"]
            self.streaming_changed.emit()


def main() -> None:
    program = QCoreApplication([])
    meld, channel = Meld(), QWebChannel()
    channel.registerObject("meld", meld)
    server = QWebSocketServer("meld", QWebSocketServer.SslMode.NonSecureMode)
    assert server.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost), 0)
    transports = []

    def connected() -> None:
        transports.append(Transport(server.nextPendingConnection()))
        channel.connectTo(transports[-1])

    def typed() -> None:
        line = sys.stdin.readline()
        if line:
            meld.take(json.loads(line))
        else:
            program.quit()

    server.newConnection.connect(connected)
    notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
    notifier.activated.connect(typed)
    say(port=server.serverPort())
    program.exec()


if __name__ == "__main__":
    main()
