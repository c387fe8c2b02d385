"""The contract for hosts: what the application may take for granted of each broadcasting software.

A host that can't do something says so in its `Capabilities`, and then does what is written here:
it tells nothing, sets nothing and raises nothing that is not a `VeloraError`.

The fixture `stage` has the hosts: here those without a connection. Those with one are in
`tests/integration/hosts/`, by these same tests.
"""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from tests.unit.hosts.stages import ScriptStage, Stage
from velora_core.errors import VeloraError
from velora_core.host.destination import PROTOCOLS, Destination, same_destination
from velora_core.host.encoder import Encoder, EncoderFit
from velora_core.host.host import HostScene, LogLevel, ReplacedText, Snapshot
from velora_core.secret import Secret

RTMP = Destination("rtmp", Secret("rtmp://ingest.test:1935/live"), Secret("live_test_key_z789"))
SRT = Destination("srt", Secret("srt://ingest.test:9999"), Secret("live_test_key_z789"))
WHIP = Destination("whip", Secret("https://ingest.test:3334/live/live_test_key_z789/whip"))
OURS = {"rtmp": RTMP, "srt": SRT, "whip": WHIP}
MISSING = "no such source"


def put(stage: Stage, destination: Destination) -> None:
    """Configure, as the application does."""
    host = stage.host
    audio = host.audio_for(destination.protocol, host.snapshot().audio)
    host.set_destination(destination, audio, keep_options=False)


# -- what it is ----------------------------------------------------------------------------------


def test_capabilities__name_it_and_its_protocols(stage: Stage) -> None:
    able = stage.host.capabilities()
    assert able.name
    assert able.stream_settings
    assert able.protocols
    assert set(able.protocols) <= set(PROTOCOLS)
    assert able.reads or not able.sets  # what can't be read back is not known to be set
    assert able == stage.host.capabilities()


def test_unable_to_read__has_no_destination(stage: Stage) -> None:
    if not stage.host.capabilities().reads:
        assert stage.host.destination() is None
    else:
        assert stage.host.destination() is not None


def test_unable_to_set__says_so(stage: Stage) -> None:
    if not stage.host.capabilities().sets:
        with pytest.raises(VeloraError):
            stage.host.set_destination(RTMP, None, keep_options=False)
        with pytest.raises(VeloraError):
            stage.host.change_destination(RTMP, save=True)
        with pytest.raises(VeloraError):
            stage.host.snapshot()
        able = stage.host.capabilities()
        assert not any((able.sets_audio, able.applies_audio, able.sets_at_start))


# -- destinations --------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_destination__is_read_back_as_it_was_set(stage: Stage, protocol: str) -> None:
    able = stage.host.capabilities()
    if able.sets and protocol in able.protocols:
        put(stage, OURS[protocol])
        assert same_destination(stage.host.destination(), OURS[protocol])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_restore__brings_back_each_setup_to_the_letter(stage: Stage, protocol: str) -> None:
    able = stage.host.capabilities()
    if not able.sets or protocol not in able.protocols:
        return
    for name, setup in stage.others.items():
        stage.by_hand(setup)
        before, kept = stage.setup(), stage.host.snapshot()
        put(stage, OURS[protocol])
        assert stage.setup() != before, name
        again = stage.host.read_snapshot(json.loads(json.dumps(kept.data)))
        assert again == kept, name
        assert again
        stage.host.restore(again)
        assert stage.meaning(stage.setup()) == stage.meaning(before), name
        assert stage.host.snapshot().destination == kept.destination, name


def test_options__stay_where_that_is_wanted(stage: Stage) -> None:
    if not stage.host.capabilities().sets:
        return
    put(stage, RTMP)
    untouched = stage.setup()
    moved = RTMP._replace(url=Secret("rtmp://moved.test/live"))
    stage.host.set_destination(moved, None, keep_options=True)
    assert same_destination(stage.host.destination(), moved)
    stage.host.set_destination(RTMP, None, keep_options=True)
    assert stage.setup() == untouched


def test_change__touches_address_and_key_alone(stage: Stage) -> None:
    if not stage.host.capabilities().sets:
        return
    stage.by_hand(stage.others["own server with a login"])
    before = dict(stage.setup()["settings"])
    present = stage.host.destination()
    assert present
    changed = present._replace(url=RTMP.url, key=RTMP.key)
    stage.host.change_destination(changed, save=True)
    after = dict(stage.setup()["settings"])
    assert {name for name in after if after[name] != before.get(name)} == {"server", "key"}
    assert set(after) == set(before)


def test_secrets__are_in_no_text(stage: Stage) -> None:
    if not stage.host.capabilities().sets:
        return
    for setup in stage.others.values():
        stage.by_hand(setup)
        kept = stage.host.snapshot()
        shown = f"{kept!r} {kept.description} {stage.host.destination()!r} {stage.host!r}"
        assert "live_test" not in shown
        assert "test_secret" not in shown
        assert "test password" not in shown


@pytest.mark.parametrize(
    "damaged",
    [None, [], "text", {}, {"kind": 5}, {"kind": "rtmp_custom", "settings": []}, {"audio": [1, 2]}],
)
def test_damaged_snapshot__is_none(stage: Stage, damaged: object) -> None:
    assert stage.host.read_snapshot(damaged) is None


def test_audio__suits_the_protocol_and_comes_back(stage: Stage) -> None:
    able = stage.host.capabilities()
    if not (able.sets and able.sets_audio and "whip" in able.protocols):
        return
    before = stage.host.snapshot()
    put(stage, WHIP)
    suited = stage.host.snapshot().audio
    assert suited == stage.host.audio_for("whip", before.audio) != before.audio
    assert stage.host.audio_for("whip", suited) == suited
    stage.host.restore(before)
    assert stage.host.snapshot().audio == before.audio
    assert stage.host.audio_for("rtmp", before.audio) == before.audio


# -- profiles ------------------------------------------------------------------------------------


def test_profiles__are_told_apart_and_keep_their_ids(stage: Stage) -> None:
    main = stage.host.profile()
    assert main.id
    assert main.name
    if not stage.host.capabilities().profiles:
        assert stage.host.profile() == main
        return
    stage.switch_profile("Other")
    other = stage.host.profile()
    assert other.name == "Other"
    assert other.id != main.id
    stage.switch_profile("Main")
    assert stage.host.profile() == main


def test_account__is_a_name_or_unknown(stage: Stage) -> None:
    assert stage.host.connected_account() in ("", None)
    notice = stage.host.account_notice("YouTube", RTMP)
    assert notice is None or notice.sentence.endswith(".")


def test_saved_setup__is_read_on_any_thread(stage: Stage) -> None:
    read = stage.host.saved_setup()
    if read is None:
        return
    failures: list[Exception] = []

    def elsewhere() -> None:
        try:
            read()
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert failures == []


def test_memory__is_one_and_the_same(stage: Stage) -> None:
    stage.host.memory()["a"] = "b"
    assert stage.host.memory() == {"a": "b"}


# -- the stream ----------------------------------------------------------------------------------


def test_stream__runs_or_not(stage: Stage) -> None:
    assert stage.host.streaming() is False
    assert stage.host.sample() is None
    stage.stream(running=True)
    assert stage.host.streaming() is True
    assert stage.host.still_streams() is True
    stage.stream(running=False)
    assert stage.host.streaming() is False


def test_sample__comes_on_any_thread(stage: Stage) -> None:
    stage.host.begin_sampling()
    stage.stream(running=True)
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(stage.host.sample()))
    thread.start()
    thread.join()
    sample = found[0]
    begins = (0, 0)  # where it is worked out of rates
    assert sample is None or (sample.frames, sample.bytes_sent) in ((123, 123_000), begins)
    stage.stream(running=False)
    stage.host.end_sampling()


def test_end_start__says_whether_it_can_be_asked(stage: Stage) -> None:
    found: list[bool] = []
    thread = threading.Thread(target=lambda: found.append(stage.host.end_start()))
    thread.start()
    thread.join()
    assert found in ([True], [False])


def test_encoder__is_told_or_none(stage: Stage) -> None:
    read = stage.host.encoder()
    assert read is None or isinstance(read, Encoder)
    fit = stage.host.fit_encoder(2)
    assert isinstance(fit, EncoderFit)
    if not stage.host.capabilities().fits_encoder:
        assert fit is EncoderFit.UNKNOWN
    stage.host.give_back_encoder()
    stage.host.give_back_encoder()


def test_docks__are_obs_s_that_loads_the_script(stage: Stage) -> None:
    assert stage.host.capabilities().docks is isinstance(stage, ScriptStage)


def test_scene__has_a_name(stage: Stage) -> None:
    scene = stage.host.scene()
    if not stage.host.capabilities().scenes:
        assert scene == HostScene()
        return
    assert scene.name == "Scene"
    assert scene.is_same(stage.host.scene())


# -- texts ---------------------------------------------------------------------------------------


def test_texts__are_read_and_set(stage: Stage) -> None:
    host = stage.host
    if not host.capabilities().texts:
        assert host.text_sources() == ()
        assert host.text("Count") is None
        return
    assert host.text_sources() == ("Banner", "Count")
    assert host.text("Count") == "soon"
    host.set_text("Count", "Ünïcode “7”\n")
    assert host.text("Count") == stage.shown("Count") == "Ünïcode “7”\n"


@pytest.mark.parametrize("source", [MISSING, "", "Camera"])
def test_text__of_what_is_no_text_source(stage: Stage, source: str) -> None:
    assert stage.host.text(source) is None
    if source != "Camera":
        stage.host.set_text(source, "lost")


def test_replaced_texts__are_kept(stage: Stage) -> None:
    host = stage.host
    assert dict(host.replaced_texts()) == {}
    if not host.capabilities().texts:
        return
    replaced = {"Count": ReplacedText("soon", "7"), "Gone": ReplacedText("", "x")}
    host.save_replaced_texts(replaced)
    assert dict(host.replaced_texts()) == replaced
    host.save_replaced_texts({})
    assert dict(host.replaced_texts()) == {}


# -- threads and the log -------------------------------------------------------------------------


def test_wake__comes_from_any_thread(stage: Stage) -> None:
    before = stage.wakes
    thread = threading.Thread(target=stage.host.wake)
    thread.start()
    thread.join(5)
    assert stage.wakes == before + 1


def test_log__has_each_sentence(stage: Stage) -> None:
    stage.host.log(LogLevel.INFO, "Something happened.")
    stage.host.log(LogLevel.WARNING, "Something bad happened.")
    assert stage.logged[-2:] == ["Something happened.", "Something bad happened."]


def test_snapshot__is_json(stage: Stage) -> None:
    if stage.host.capabilities().sets:
        kept = stage.host.snapshot()
        assert isinstance(kept, Snapshot)
        assert json.loads(json.dumps(kept.data)) == kept.data
