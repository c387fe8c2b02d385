"""The panel that is asked for again, of the same values or of others."""

from __future__ import annotations

from velora_core.app.state import State, StreamSettings
from velora_core.panel.facts import Facts
from velora_core.panel.last import LastPanel

STATE, SETTINGS, FACTS = State(status="Ready."), StreamSettings(title="Hello"), Facts()


def test_panel__of_the_same_values_is_the_same() -> None:
    last = LastPanel()
    assert last.of(STATE, SETTINGS, FACTS) is last.of(STATE, SETTINGS, FACTS)


def test_panel__of_another_state_title_or_fact_is_another() -> None:
    last = LastPanel()
    last.of(STATE, SETTINGS, FACTS)
    assert last.of(State(status="Late."), SETTINGS, FACTS).find("status").text == "Late."
    assert last.of(STATE, StreamSettings(title="Bye"), FACTS).find("title").value == "Bye"
    known = last.of(STATE, SETTINGS, Facts(sign_in_address="https://velora.example/"))
    assert known.find("sign_in_address").visible
