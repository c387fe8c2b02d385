"""What the panel is told of the broadcasting software, beside the state and the fields."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from velora_core.host.host import Capabilities

__all__ = ["Facts", "facts_of"]


class Facts(NamedTuple):
    """What is neither in the state nor in the fields.

    Attributes:
        profile: id of the profile in use.
        in_profile: words that name it, for a sentence that may be read when another one is in use;
            empty where there is only one.
        protocols: those that a stream can go out by.
        text_sources: the names of the text sources in the scenes.
        sign_in_address: Velora's page for the sign-in that waits for the user; else empty.
        variables: what a title may name, but for the category.
        host: what the broadcasting software is called.
        set_up: whether the profile streams to Velora.
        fits_encoder: whether the encoder can be set for one stream.
        keeps_fields: whether the broadcasting software keeps the fields, with its scenes.
        answered: key of the button that the status answers, where that is out of sight.
        answered_in: the section in which that button was pressed.
        scrolled: whether the panel may have been scrolled before that button was pressed: what is
            above it may not become lower then, or the answer would leave the view.
        sets: whether the software can be set up from here.
        told: whether somebody, or Velora, has to tell when it streams.
        texts: whether texts on the picture can be set.
        scenes: whether the software tells which scene viewers see.
        has_page: whether the panel can be had as a page, too.
        tells_captures: whether the broadcasting software tells which programs it captures.
    """

    profile: str = ""
    protocols: tuple[str, ...] = ()
    text_sources: tuple[str, ...] = ()
    sign_in_address: str = ""
    variables: Mapping[str, str] = MappingProxyType({})
    host: str = ""
    set_up: bool = False
    fits_encoder: bool = True
    keeps_fields: bool = False
    answered: str = ""
    answered_in: str = ""
    scrolled: bool = False
    sets: bool = True
    told: bool = False
    texts: bool = True
    scenes: bool = True
    has_page: bool = False
    tells_captures: bool = False
    in_profile: str = ""


def facts_of(able: Capabilities, **rest: Any) -> Facts:
    """Return the facts of a broadcasting software, with the rest of them."""
    return Facts(
        host=able.name,
        protocols=able.protocols,
        fits_encoder=able.fits_encoder,
        sets=able.sets,
        told=not able.tells_started,
        texts=able.texts,
        scenes=able.scenes,
        **rest,
    )
