"""Endpoints, and what each status means, with a mocked transport."""

from __future__ import annotations

import json
import subprocess
import sys
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_mock import MockerFixture

import velora_core
from velora_core import VeloraClient, errors
from velora_core.api.client import validate_token
from velora_core.api.endpoints import Endpoints
from velora_core.api.models import StreamInfoUpdate
from velora_core.api.transport import Response
from velora_core.secret import Secret

TOKEN = "test_access_0000_only_for_tests"
BASE = "https://velora.test/api"
ENDPOINTS = Endpoints.at(BASE)
INFO = {"title": None, "categoryName": None, "categorySlug": None, "isLive": False}
SETUP = {
    "streamKey": "live_test_key_0001",
    "rtmpUrl": "rtmp://i.test/live",
    "srtUrl": "srt://i.test:1",
    "whipUrl": "https://i.test/live/live_test_key_0001/whip",
}


def reply(data: object = None, status: int = 200, **headers: str) -> Response:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, named, body)


class Api:
    """A client whose transport gives what a test wants."""

    def __init__(self, mocker: MockerFixture, *answers: Response | Exception, token: Any = TOKEN):
        self.transport = mocker.Mock()
        self.transport.request.side_effect = answers
        self.client = VeloraClient(token, endpoints=ENDPOINTS, transport=self.transport)

    @property
    def sent(self) -> list[tuple[str, str, object]]:
        return [
            (*call.args, call.kwargs.get("json")) for call in self.transport.request.call_args_list
        ]


@pytest.fixture
def api(mocker: MockerFixture) -> Any:
    return lambda *answers, **more: Api(mocker, *answers, **more)


def test_each_method__asks_its_endpoint(api: Any) -> None:
    profile = {"username": "a", "displayName": "A", "streamingEnabled": True}
    client = api(
        reply(SETUP),
        reply(INFO),
        reply({"success": True}),
        reply({"categories": []}),
        reply({"streamKey": "live_test_key_0002"}, 201),
        reply(profile),
    )
    assert client.client.get_stream_setup().rtmp_url == SETUP["rtmpUrl"]
    assert client.client.get_stream_info().is_live is False
    assert client.client.update_stream_info(title=" T ") == StreamInfoUpdate(title="T")
    assert client.client.get_categories() == ()
    assert client.client.regenerate_stream_key() == Secret("live_test_key_0002")
    assert client.client.get_profile().display_name == "A"
    assert client.sent == [
        ("GET", f"{BASE}/stream/setup", None),
        ("GET", f"{BASE}/stream/info", None),
        ("PUT", f"{BASE}/stream/info", {"title": "T"}),
        ("GET", f"{BASE}/stream/categories", None),
        ("POST", f"{BASE}/stream/key/regenerate", None),
        ("GET", "https://velora.test/api/users/me", None),
    ]
    assert client.transport.request.call_args.kwargs["token"] == Secret(TOKEN)


def test_update__sends_nothing_when_nothing_is_given(api: Any) -> None:
    client = api()
    assert not client.client.update_stream_info()
    assert client.sent == []


def test_update__that_was_made_before_is_not_checked_again(api: Any, mocker: MockerFixture) -> None:
    client = api(reply({"success": True}))
    update = StreamInfoUpdate.checked(title=" T ")
    validate = mocker.patch("velora_core.api.models.validate_title")
    client.client.send_stream_info(update)
    assert client.sent[0][2] == {"title": "T"}
    validate.assert_not_called()


def test_update__no_tags_are_sent_as_no_tags(api: Any) -> None:
    client = api(reply({"success": True}))
    client.client.update_stream_info(tags=[])
    assert client.sent[0][2] == {"tags": []}


def test_update__a_bad_title_never_leaves(api: Any) -> None:
    client = api()
    with pytest.raises(errors.TitleTooLong):
        client.client.update_stream_info(title="x" * 141)
    assert client.sent == []


def test_update__any_success_will_do(api: Any) -> None:
    client = api(reply({"success": True}, 201), reply(b"", 204))
    client.client.update_stream_info(title="a")
    client.client.update_stream_info(title="a")


def test_update__that_velora_did_not_make(api: Any) -> None:
    client = api(reply({"success": False, "message": "Title not allowed."}))
    with pytest.raises(errors.Rejected, match=r"Title not allowed\."):
        client.client.update_stream_info(title="a")


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe\x00", b"[" * 100_000, b"{"])
def test_not_json(api: Any, body: bytes) -> None:
    with pytest.raises(errors.BadJson, match="/stream/info"):
        api(reply(body)).client.get_stream_info()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, errors.UnexpectedRedirect),
        (401, errors.Unauthorized),
        (400, errors.Rejected),
        (409, errors.Rejected),
        (404, errors.NotFound),
        (429, errors.RateLimited),
        (500, errors.ServerError),
        (503, errors.ServerError),
    ],
)
def test_status__is_an_error_of_its_own(api: Any, status: int, kind: type[Exception]) -> None:
    for body in ({"message": "No."}, b"<html>", b""):
        with pytest.raises(kind) as failure:
            api(reply(body, status)).client.get_stream_info()
        assert type(failure.value) is kind


def test_category__that_velora_does_not_have_is_named(api: Any) -> None:
    with pytest.raises(errors.CategoryNotFound, match="“no-such”") as failure:
        api(reply({}, 404)).client.update_stream_info(category_slug="no-such")
    assert failure.value.slug == "no-such"


def test_404__without_a_category_is_about_the_address(api: Any) -> None:
    with pytest.raises(errors.NotFound):
        api(reply({}, 404)).client.update_stream_info(title="a")


PROFILE = {"username": "a", "displayName": "A"}


@pytest.mark.parametrize(
    ("second", "kind", "words"),
    [
        (reply({**PROFILE, "streamingEnabled": False}), errors.StreamingNotEnabled, "not enabled"),
        (reply({**PROFILE, "streamingEnabled": True}), errors.InsufficientScope, "stream:write"),
        (reply(PROFILE), errors.Forbidden, "either .* or .*stream:write"),
        (reply({}, 403), errors.Forbidden, "either .* or .*stream:write"),
        (reply(b"<html>"), errors.Forbidden, "either"),
        (errors.TimedOut(), errors.Forbidden, "either"),
    ],
)
def test_403__the_profile_tells_its_meanings_apart(
    api: Any, second: Any, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words) as failure:
        api(reply({}, 403), second).client.update_stream_info(title="a")
    assert type(failure.value) is kind


def test_403__of_the_profile_itself(api: Any) -> None:
    with pytest.raises(errors.InsufficientScope, match="user:read"):
        api(reply({}, 403)).client.get_profile()


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (reply({}, 429, Retry_After="450"), 450),
        (reply({"retry_after": 300}, 429), 300),
        (reply({"retry_after": "soon"}, 429), None),
        (reply({"retry_after": True}, 429), None),
        (reply([], 429), None),
        (reply(b"", 429), None),
        (reply(b"<html>", 429, Retry_After="soon"), None),
    ],
)
def test_429__says_when_to_try_again(api: Any, answer: Response, seconds: int | None) -> None:
    with pytest.raises(errors.RateLimited) as failure:
        api(answer).client.get_stream_info()
    if seconds is None:
        assert failure.value.retry_after is None
        assert "in a minute" in str(failure.value)
    else:
        assert failure.value.retry_after == seconds
        assert "seconds" in str(failure.value)


def test_429__says_by_a_date_when_to_try_again(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("velora_core.api._retry.time", SimpleNamespace(time=lambda: 1.8e9))
    answer = reply({}, 429, Retry_After=formatdate(1.8e9 + 1000, usegmt=True))
    with pytest.raises(errors.RateLimited) as failure:
        api(answer).client.get_stream_info()
    assert failure.value.retry_after == 1000


def test_message__of_the_server_is_shown_but_no_secret_in_it(api: Any) -> None:
    evil = f"Bad\n\x00token {TOKEN} for live_test_key_0001 at https://i.test/x/whip " + "y" * 999
    with pytest.raises(errors.Rejected) as failure:
        api(reply({"message": evil}, 400)).client.update_stream_info(title="a")
    text = "".join([str(failure.value), repr(failure.value), *map(str, failure.value.args)])
    assert "Bad token ••••" in text
    assert "\n" not in text
    assert len(text) < 1500
    for secret in (TOKEN, "live_test_key_0001", "/whip"):
        assert secret not in text


def test_message__all_that_is_in_an_array_is_shown(api: Any) -> None:
    evil = ["property userId should not exist", None, f"title\nis {TOKEN}", 5, {"a": 1}, "z" * 999]
    with pytest.raises(errors.Rejected) as failure:
        api(reply({"message": evil, "error": "Bad Request"}, 400)).client.update_stream_info(
            tags=[]
        )
    assert "property userId should not exist; title is ••••" in str(failure.value)
    assert TOKEN not in str(failure.value)
    assert len(str(failure.value)) < 500
    many = [f"number {number}" for number in range(5000)]
    with pytest.raises(errors.Rejected, match=r"number 19$"):
        api(reply({"message": many}, 400)).client.update_stream_info(tags=[])
    with pytest.raises(errors.Rejected, match="gave no reason"):
        api(reply({"message": [None, ""]}, 400)).client.update_stream_info(tags=[])


def test_401__asks_for_another_token_once(api: Any, mocker: MockerFixture) -> None:
    tokens = mocker.Mock()
    tokens.token.return_value = Secret("test_access_old_only_for_tests")
    tokens.refresh.return_value = Secret("test_access_new_only_for_tests")
    client = api(reply({}, 401), reply(INFO), token=tokens)
    client.client.get_stream_info()
    used = [call.kwargs["token"].reveal() for call in client.transport.request.call_args_list]
    assert used == ["test_access_old_only_for_tests", "test_access_new_only_for_tests"]
    two = api(reply({}, 401), reply({}, 401), token=tokens)
    with pytest.raises(errors.Unauthorized):
        two.client.get_stream_info()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", errors.NotSignedIn),
        (" \n", errors.NotSignedIn),
        ("two words", errors.TokenMalformed),
        ("tökèn", errors.TokenMalformed),
        ("line\nbreak", errors.TokenMalformed),
        ("\ud800", errors.TokenMalformed),
    ],
)
def test_token__that_can_not_be_one(api: Any, text: str, kind: type[Exception]) -> None:
    client = api(token=text)
    with pytest.raises(kind) as failure:
        client.client.get_stream_info()
    assert client.sent == []
    assert text.strip() == "" or text not in str(failure.value)


def test_token__is_trimmed() -> None:
    assert validate_token(Secret(f"  {TOKEN}\r\n")) == Secret(TOKEN)


@pytest.mark.parametrize("before", ["Bearer ", " bearer\t", "Authorization: Bearer  "])
def test_token__goes_without_what_stands_before_it_in_a_header(before: str) -> None:
    assert validate_token(Secret(f"{before}{TOKEN} ")) == Secret(TOKEN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("live_test_key_0001", "That is a stream key"),
        (" https://velora.test/callback?code=test_code ", "That is an address"),
        ("rtmp://ingest.test/live", "That is an address"),
        ("velora_0123456789abcdef", "That is a client ID"),
    ],
)
def test_token__that_is_something_else__is_recognised(text: str, said: str) -> None:
    with pytest.raises(errors.TokenMalformed, match=said) as failure:
        validate_token(Secret(text))
    assert text.strip() not in str(failure.value)


def test_errors__hold_no_traceback_of_what_was_behind_them(api: Any) -> None:
    with pytest.raises(errors.BadJson) as failure:
        api(reply(b"live_test_key_0001")).client.get_stream_info()
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


def test_client__is_closed_by_with(mocker: MockerFixture) -> None:
    transport = mocker.Mock()
    with VeloraClient(TOKEN, endpoints=ENDPOINTS, transport=transport):
        pass
    transport.close.assert_called_once_with()


def test_client__takes_its_addresses_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VELORA_API_URL", "http://velora.test/")
    with pytest.raises(errors.ApiUrlInvalid):
        VeloraClient(TOKEN)


def test_public_face__is_imported_late() -> None:
    code = (
        "import sys, velora_core, velora_core.application; "
        "late = {'requests', 'urllib3', 'oauthlib', 'keyring', 'platformdirs'}; "
        "print(late & set(sys.modules)); "
        "print([getattr(velora_core, name) is not None for name in velora_core.__all__])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first == "set()"
    assert "False" not in second
    with pytest.raises(AttributeError):
        _ = velora_core.nonsense
