"""What is done to OBS at a random moment of a token refresh, and what must be so afterwards."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.e2e.world import SCRIPT, World
from tests.harness import (
    BrowserButton,
    Display,
    HarnessError,
    ObsInstallation,
    Profile,
    SceneCollection,
    wait_until,
)
from tests.ports import free_port
from tests.simulator import SCOPES, Client, Fault, Simulator
from tests.soak.plan import (
    AT_A_PRESS,
    AT_A_START,
    AT_LOADING,
    AT_SIGNING_IN,
    COLLECTION,
    CONFIGURE,
    DEFAULTS,
    LOAD,
    NO,
    PROFILE,
    QUIT,
    REGENERATE,
    RELOAD,
    RESTORE,
    SIGN_IN,
    SIGN_OUT,
    START,
    STOP,
    YES,
    Moment,
)
from velora_core import ClientCredentials, Endpoints, Grant, Secret
from velora_core.auth.oauth import Tokens
from velora_core.storage.storage import Storage

__all__ = ["TOKEN", "Late", "Moments", "Outcome"]

_TITLE, _OTHER_TITLE = "Hello", "Yesterday"
_FOREIGN = {"type": "rtmp_custom", "settings": {"server": "rtmp://127.0.0.1:9/x", "key": "test"}}
TOKEN = ("POST", "/oauth/token")
_INFO = ("GET", "/stream/info")
_LONG = 3600.0  # seconds that access tokens live
_TIMEOUT = 40.0


@dataclass
class Outcome:
    """How a moment went."""

    moment: Moment
    lost: bool = False
    """The sign-in is gone."""
    problem: str = ""
    """What else was wrong."""

    @property
    def bad(self) -> bool:
        """It should have gone otherwise."""
        return self.lost or bool(self.problem)

    def __str__(self) -> str:
        return f"{self.moment}: {'LOST' if self.lost else self.problem or 'ok'}"


class _Lost(AssertionError):
    """The sign-in is gone."""


class Late:
    """Velora's token endpoint is asked, and answers some time after `go`."""

    def __init__(self, velora: Simulator, delay: float, *, rotates_late: bool) -> None:
        self.arrived, self.over = threading.Event(), threading.Event()
        self._go = threading.Event()
        self._delay = delay
        velora.faults.add(Fault(*TOKEN, self._act, count=1, after=not rotates_late))

    def _act(self, connection: object, end: threading.Event) -> bool:
        self.arrived.set()
        self._go.wait(4 * _TIMEOUT)
        end.wait(self._delay)
        self.over.set()
        return False

    def go(self) -> None:
        """Have the delay count from now on."""
        self._go.set()

    def meet(self, offset: float, act: Callable[[], object]) -> None:
        """Do it `offset` seconds after `go`, or before that if it is negative."""
        timer = threading.Timer(max(0.0, -offset), self.go)
        timer.start()
        time.sleep(max(0.0, offset))
        try:
            act()
        finally:
            timer.join()


class Moments(World):
    """A signed-in OBS, for one moment after another."""

    def __init__(
        self, display: Display, folder: Path, *, installation: ObsInstallation | None = None
    ) -> None:
        super().__init__(display, folder, installation=installation)
        self._port = free_port()
        self._app = Client(redirect_uris=(f"http://localhost:{self._port}/",))
        self._refused = 0
        self._browser = BrowserButton(folder / "browser")

    # -- before and between ----------------------------------------------------------------

    def open(self) -> None:
        """Start OBS, signs in and configures."""
        self.velora.register(self._app)
        preset = {  # which "Defaults" doesn't take away
            "client_id": self._app.client_id,
            "client_secret": self._app.client_secret,
            "redirect_port": self._port,
        }
        (self.script.parent / "velora_app.json").write_text(json.dumps(preset))
        self.start(
            {"title": _TITLE},
            token=False,
            environment=self._browser.environment,
            profiles=[Profile(service=_FOREIGN, fps=10), Profile("Other", service=_FOREIGN)],
            more_collections=[SceneCollection("Other", colour=None)],
        )
        self.begin_again()

    def begin_again(self) -> None:
        """Make all well: signed in and configured."""
        self.velora.faults.clear()
        self.velora.access_lifetime = _LONG
        self._put_sign_in()
        self.panel.close_script_log()
        self.panel.select(SCRIPT)
        self.panel.reload()
        self._configure()
        self._set_title()

    def _configure(self) -> None:
        wait_until(
            lambda: "OBS will stream to" in self.press(CONFIGURE), what="Configure Velora to work"
        )

    def _set_title(self) -> None:
        if self.panel.text("Title") != _TITLE:
            self.panel.paste("Title", _TITLE)

    def _storage(self) -> Storage:
        origin = Endpoints.at(self.velora.api_url).origin
        return Storage(self.obs.home / ".config" / "velora-obs", origin=origin)

    def _put_sign_in(self, scopes: Sequence[str] = SCOPES) -> None:
        """Somebody has signed in before; the script takes it up when it is loaded."""
        issued = self.velora.tokens.issue(
            scopes, with_refresh=True, client_id=self._app.client_id, expires_in=_LONG
        )
        assert issued.refresh is not None
        expires_at = time.time() + _LONG
        tokens = Tokens(
            Secret(issued.access), Secret(issued.refresh), expires_at, frozenset(scopes)
        )
        client = ClientCredentials(self._app.client_id, Secret(self._app.client_secret or ""))
        self._storage().save_sign_in(Grant(client, tokens, "The Streamer", time.time()))

    # -- a moment --------------------------------------------------------------------------

    def live_through(self, moment: Moment) -> Outcome:
        """Go through a moment; have the next one begin well.

        Never raise: what was wrong is in the outcome.
        """
        outcome = Outcome(moment)
        self._refused = self.velora.refused_refreshes
        try:
            self._live_through(moment)
        except _Lost:
            outcome.lost = True
        except AssertionError as error:
            outcome.problem = str(error)[:300]
        if self.obs.running and self.obs.exceptions():
            outcome.problem += self.obs.exceptions()[-1]
        if outcome.lost or outcome.problem:
            self._mend()
        return outcome

    def _mend(self) -> None:
        self.velora.faults.clear()
        with suppress(HarnessError):
            if self.obs.running:
                if self.obs.stream_status().active:
                    self.obs.stop_stream()
                self.begin_again()
                return
        if self.obs.running:
            self.obs.kill()
        self.obs.start()
        self.panel.open(SCRIPT)
        self.begin_again()

    def _live_through(self, moment: Moment) -> None:
        self.velora.account.title = _OTHER_TITLE
        if moment.act == SIGN_IN:  # which is offered again where a permission is missing
            self._put_sign_in(SCOPES[:-1])
        if moment.begun_by == AT_SIGNING_IN:
            page = self._open_page()
        else:
            self.let_token_end(known=moment.short and moment.begun_by == AT_LOADING)
        late = Late(self.velora, moment.delay, rotates_late=moment.rotates_late)
        try:
            if moment.begun_by == AT_SIGNING_IN:
                threading.Thread(target=self._allow, args=(page,), daemon=True).start()
            else:
                self._begin_refresh(moment)
            assert late.arrived.wait(_TIMEOUT), "no tokens were asked for"
            act = self._aim(moment.act)
            late.meet(moment.offset, act)
        finally:
            late.go()
        assert late.over.wait(_TIMEOUT)
        self._afterwards(moment)
        self._still_signed_in(loaded=moment.act == LOAD)

    def let_token_end(self, *, known: bool) -> None:
        """Velora refuses the access token from now on.

        Args:
            known: the script, once it is loaded again, knows before it asks.
        """
        stored = self._storage().sign_in
        assert stored is not None
        self.velora.tokens.expire(stored.tokens.access.reveal())
        if known:
            over = stored.tokens._replace(expires_at=time.time() - 1)
            self._storage().save_sign_in(stored._replace(tokens=over))

    def _open_page(self) -> str:
        """Press the button of somebody who isn't signed in; the address of Velora's page."""
        self._storage().save_refreshed(None)
        self.panel.reload()
        opened = len(self._browser.opened)
        self.panel.press(SIGN_IN)
        return self._browser.wait(opened + 1)

    def _allow(self, page: str) -> None:
        """Do what a browser does whose user allows it all; what it shows then is not looked at."""
        form: dict[str, Any] = dict(parse_qs(urlsplit(page).query))
        form |= {"answer": "allow", "allowed": list(SCOPES)}
        with suppress(requests.RequestException), requests.Session() as session:
            session.trust_env = False
            session.post(f"{self.velora.url}/oauth/authorize", data=form, timeout=60)

    def _begin_refresh(self, moment: Moment) -> None:
        if moment.begun_by == AT_LOADING:
            self.panel.reload()
        elif moment.begun_by == AT_A_PRESS:
            self.panel.press("Refresh")
        else:
            self.obs.start_stream(wait=False)

    def _aim(self, act: str) -> Callable[[], object]:
        """Return what does it at once."""

        def quit_obs() -> None:
            report = self.obs.quit()
            orderly = report.orderly or self._crash_without_us(report)
            assert orderly, f"OBS did not end well: {report}"

        def there_and_back(switch: Callable[[str], None]) -> Callable[[], None]:
            def switching() -> None:
                switch("Other")
                switch("Main")

            return switching

        if act in (YES, NO):
            self.panel.press(REGENERATE)
        elif act == STOP:
            wait_until(lambda: self.obs.stream_status().active, what="the stream to run")
        others: dict[str, Callable[[], Callable[[], object]]] = {
            START: lambda: lambda: self.obs.start_stream(wait=False),
            STOP: lambda: self.obs.stop_stream,
            QUIT: lambda: quit_obs,
            COLLECTION: lambda: there_and_back(self.obs.switch_collection),
            PROFILE: lambda: there_and_back(self.obs.switch_profile),
            RELOAD: lambda: self.panel.aim("Reload Scripts", at_window=True),
            DEFAULTS: lambda: self.panel.aim("Defaults", at_window=True),
        }
        return others[act]() if act in others else self.panel.aim(act)

    # -- and after it ----------------------------------------------------------------------

    def _afterwards(self, moment: Moment) -> None:
        act = moment.act
        if act == SIGN_OUT:
            self._stays_signed_out()
        else:
            self._kept()
        if act == QUIT:
            self.obs.start()
            self.panel.open(SCRIPT)
        if act == START or (moment.begun_by == AT_A_START and act != STOP):
            if act != SIGN_OUT:
                self._unless_lost(
                    lambda: self.velora.account.title == _TITLE, "the title to arrive"
                )
            self._unless_lost(lambda: self.obs.stream_status().active, "the stream to run")
            self.obs.stop_stream()
        if act == COLLECTION:
            self.panel.select(SCRIPT)
        elif act == YES:
            self._unless_lost(self._key_is_right, "the new key to be in OBS")
        elif act == REGENERATE:
            self.panel.press(NO)
        elif act == DEFAULTS:
            self._set_title()
        elif act == RESTORE:
            self._configure()
        elif act in (SIGN_IN, SIGN_OUT):
            self._put_sign_in()
            self.panel.reload()

    def _unless_lost(self, condition: Callable[[], bool], what: str) -> None:
        def come() -> bool:
            if self.velora.refused_refreshes > self._refused:
                raise _Lost
            return condition()

        wait_until(come, what=what, timeout=_TIMEOUT)

    def _key_is_right(self) -> bool:
        service = self.obs.service_json("Main")
        return bool(service and service["settings"]["key"] == self.velora.account.stream_key)

    def good(self) -> bool:
        """Return what is stored is what Velora would take."""
        stored = self._storage().sign_in
        token = stored and stored.tokens.refresh
        return bool(token and self.velora.tokens.find_refresh(token.reveal()))

    def _kept(self) -> None:
        try:
            self._unless_lost(self.good, "the refreshed sign-in to be stored")
        except HarnessError:
            raise _Lost from None

    def _stays_signed_out(self) -> None:

        def gone() -> bool:
            return self._storage().sign_in is None

        wait_until(gone, what="the sign-in to be forgotten")
        time.sleep(0.3)
        assert gone(), "the late answer brought a sign-in back that was to be forgotten"

    def _still_signed_in(self, *, loaded: bool) -> None:
        """The next refresh and the next request work."""
        stored = self._storage().sign_in
        if stored is None:
            raise _Lost
        self.velora.tokens.expire(stored.tokens.access.reveal())
        self.velora.journal.clear()

        def works() -> bool:
            self.panel.press("Refresh")
            return any(request.status == 200 for request in self.velora.journal.find(*_INFO))

        self._unless_lost(works, "a request to work")
        self._kept()
        if loaded:  # only now: what was asked for is done in its turn
            self._set_title()
