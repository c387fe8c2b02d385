"""The settings and the state shown in the panel: two immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from velora_core.auth.client_registration import DEFAULT_PORT
from velora_core.host.destination import IngestAddresses
from velora_core.messages import message
from velora_core.secret import Secret

from .account import Account, TokenOrigin
from .categories import KnownCategories
from .live_status import LiveStatus
from .stream_health import StreamHealth

if TYPE_CHECKING:
    from velora_core.api.models import Category
    from velora_core.storage.preset_content import PresetContent
    from velora_core.storage.presets import Preset

__all__ = ["PageStatus", "Previous", "SettingsFor", "State", "StatusLevel", "StreamSettings"]


class StatusLevel(Enum):
    """How the status line is meant; the worst last."""

    __hash__ = object.__hash__  # Enum's own is written in Python; each element of a panel has one

    NORMAL = "normal"
    WARNING = "warning"
    ERROR = "error"


class SettingsFor(Enum):
    """Whom the settings in a scene collection belong to."""

    UNKNOWN = ""  # it is older than that question
    USER = "user"
    COLLECTION = "collection"


class StreamSettings(NamedTuple):
    """What the panel's fields hold.

    Attributes:
        title: empty means that Velora keeps the title it has; the same goes for the next two.
        category: a slug, or text that is to mean a category.
        category_name: the name that goes with the slug, where the category was chosen; empty for
            a text.
        tags: as entered.
        tags_on_velora: whether Velora has the tags that were in the field last, too.
        protocol: ``rtmp``, ``srt`` or ``whip``.
        update_on_start: whether going live sends the three to Velora.
        redirect_port: where signing in brings the browser back to.
        live_interval: seconds between two looks at the running stream.
        srt_form: the form of SRT's stream id (`srt_id_prefix`); empty for the key alone.
        suit_encoder: whether a stream to Velora has its encoder set for Velora's players.
        by_plugin: whether a plugin of the broadcasting software sends the stream to Velora, beside
            the software's own, which may go elsewhere.
        texts: templates for text sources of the picture, by the source's name.
        text_source: the one whose template the panel shows; empty for none.
        preset: id of the preset that is chosen in the panel.
        preset_name: a name for a new one, or another one for that.
        programs: those that the chosen preset is for, as entered.
        programs_live: whether they have it sent while a stream runs, too.
        recent: which of the recent titles is chosen in the panel.
        stream_number: what `{count}` is to be once that is set.
        settings_for: whom those of title, category, tags and the stream setup belong to.
        collection_values: what the scene collection had of them before they were the user's.
        unsaved_settings: which of them are newer than the user's file, by `OwnSettings`.
        section: what the panel shows; empty: what is needed now. It lasts until it is closed.
        way: ``token`` or ``app``, the way to sign in that was chosen; it lasts as long.
        page_kept: whether the page is on as long as the software runs.
        program_name: a name for another program that may use the page's interface.
        program: id of the one that is chosen in the panel.
    """

    title: str = ""
    category: str = ""
    category_name: str = ""
    tags: tuple[str, ...] = ()
    tags_on_velora: bool = False
    protocol: str = "rtmp"
    update_on_start: bool = True
    redirect_port: int = DEFAULT_PORT
    live_interval: int = 30
    suit_encoder: bool = False
    srt_form: str = ""
    by_plugin: bool = False
    texts: Mapping[str, str] = MappingProxyType({})
    text_source: str = ""
    preset: str = ""
    preset_name: str = ""
    programs: str = ""
    programs_live: bool = False
    recent: str = ""
    stream_number: int = 1
    settings_for: SettingsFor = SettingsFor.UNKNOWN
    collection_values: str = ""
    unsaved_settings: str = ""
    section: str = ""
    way: str = ""
    page_kept: bool = False
    program_name: str = ""
    program: str = ""

    @property
    def clear_tags(self) -> bool:
        """Whether there are none, and that is meant: tags that Velora has were taken out."""
        return self.tags_on_velora and not any(tag.strip() for tag in self.tags)


class Previous(NamedTuple):
    """What a profile can go back to.

    Attributes:
        service: the next one, as people know it.
        day: when it was kept; empty when that isn't known.
        more: how many there are beside it.
    """

    service: str
    day: str = ""
    more: int = 0


class PageStatus(NamedTuple):
    """The panel as a page, and the programs that may use its interface.

    Attributes:
        address: where the page is, with what opens it; None while it is off.
        programs: id and name of each.
        token: of the program that has just been added, which nobody can see later.
    """

    address: Secret | None = None
    programs: tuple[tuple[str, str], ...] = ()
    token: Secret | None = None


class State(NamedTuple):
    """What a panel shows.

    Attributes:
        status: where things stand, or how the last action ended: a sentence a line, the newest
            last. More than one where nobody has seen the earlier ones yet.
        tone: whether that is good or bad news; the worst of it.
        categories: the last list Velora gave.
        known: the categories that are known beside it.
        account: who the streamer is to Velora.
        addresses: where Velora takes streams; None as long as it hasn't said.
        previous: by the profile's id, what there is to go back to.
        applied: by the profile's id, what authenticates a stream to the destination that was put
            there; not those of which only the digest is known since the last start.
        own_settings: whether the profile has settings of its own.
        settings_line: what has become of the scene collection's settings; empty for nothing new.
        unsaved_settings: see `StreamSettings`.
        confirming: a new stream key was asked for, and waits for a second press.
        copying_key: the stream key was to be copied, and waits for a second press.
        asking: id of the profile whose stream key is somebody else's, or an old one that was put
            there by hand: the streamer is asked which one is to be used; empty otherwise.
        chat_address: of the channel's chat, once it was asked for.
        token_refused: Velora did not accept the access token that is in use.
        live: how the running stream stands on Velora; None while none is known to run.
        health: how the running stream is sent; None while that isn't known.
        encoder_advice: what Velora's players dislike of the encoder, and the remedy, as it was
            when the service was set up; empty for nothing.
        offers_rtmp: a start by SRT has failed, and RTMP may work.
        last_stream: how the last stream went, in one sentence; empty before there was one.
        presets: the user's presets, in their order.
        preset: id of the one that was applied or saved last; empty without one.
        recent: what was sent with a title, the newest first.
        before: what Velora had before the last update; None when that isn't known.
        streams: how many streams Velora has taken.
        counted: whether the stream that runs is among them.
        managing: whether the panel shows all that can be done with presets.
        gone: slugs of categories that Velora said it does not have.
        deleting: id of the preset that is to be deleted, and waits for a second press.
        page: the panel as a page.
        followed: whether a stream runs that the software doesn't tell of.
    """

    status: str
    tone: StatusLevel = StatusLevel.NORMAL
    categories: tuple[Category, ...] = ()
    known: KnownCategories = KnownCategories()
    account: Account = Account()
    addresses: IngestAddresses | None = None
    previous: Mapping[str, Previous] = MappingProxyType({})
    applied: Mapping[str, Secret] = MappingProxyType({})
    own_settings: bool = False
    settings_line: str = ""
    unsaved_settings: str = ""
    confirming: bool = False
    copying_key: bool = False
    asking: str = ""
    chat_address: str = ""
    token_refused: bool = False
    live: LiveStatus | None = None
    health: StreamHealth | None = None
    encoder_advice: str = ""
    offers_rtmp: bool = False
    last_stream: str = ""
    presets: tuple[Preset, ...] = ()
    preset: str = ""
    recent: tuple[PresetContent, ...] = ()
    before: PresetContent | None = None
    streams: int = 0
    counted: bool = False
    managing: bool = False
    deleting: str = ""
    gone: frozenset[str] = frozenset()
    page: PageStatus = PageStatus()
    followed: bool = False

    @property
    def stream_number(self) -> int:
        """The number of the stream that runs, or of the next one."""
        return self.streams + (0 if self.counted else 1)

    @property
    def live_summary(self) -> str:
        """How the running stream stands, or how the last one went."""
        if self.live is None:
            return self.last_stream or message("live.off")
        sent = self.health.sentence if self.health else ""
        return f"{self.live.sentence} {sent}".rstrip()

    def asks_about(self, profile: str) -> bool:
        """Return whether the streamer is asked which stream key a profile is to use."""
        signed_in = self.account.origin is not TokenOrigin.NONE
        return bool(self.asking) and signed_in and self.asking == profile
