"""What the panel's fields hold: OBS keeps it as the script's settings, with the scenes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import obspython as obs

from velora_core.app.state import StreamSettings
from velora_core.host.host import ReplacedText

from .loading import SECRET_FIELDS

if TYPE_CHECKING:
    from velora_core.application import Application

__all__ = ["Fields"]


class Fields:
    """Between OBS's settings and the application's."""

    app: Application

    def __init__(self, settings: Any) -> None:
        self.settings = settings
        self.text_source = ""
        self._category_shown: str = obs.obs_data_get_string(settings, "category")

    def read(self) -> None:
        """Hands what the fields hold to the application; called at every keystroke."""
        settings, app = self.settings, self.app
        for field in SECRET_FIELDS:
            if obs.obs_data_has_user_value(settings, field):
                text = obs.obs_data_get_string(settings, field)
                obs.obs_data_erase(settings, field)
                app.entered(field, text)
        typed = obs.obs_data_get_string(settings, "category_entry")
        if typed != self._category_shown:
            self._category_shown = typed
            obs.obs_data_set_string(settings, "category", app.category_entered(typed))
        self._keep_template()
        app.settings = StreamSettings(
            title=self.title,
            category=obs.obs_data_get_string(settings, "category"),
            tags=self._tags(),
            clear_tags=self._tags_were_emptied(),
            protocol=obs.obs_data_get_string(settings, "protocol"),
            update_on_start=obs.obs_data_get_bool(settings, "update_on_start"),
            redirect_port=obs.obs_data_get_int(settings, "redirect_port"),
            live_interval=obs.obs_data_get_int(settings, "live_interval"),
            suit_encoder=obs.obs_data_get_bool(settings, "suit_encoder"),
            texts=self._templates(),
        )

    @property
    def title(self) -> str:
        """What is in its field now."""
        title: str = obs.obs_data_get_string(self.settings, "title")
        return title

    def fill_in(self, title: str, category: str, tags: tuple[str, ...] | None) -> None:
        """Puts this into the fields; tags that are None stay."""
        obs.obs_data_set_string(self.settings, "title", title)
        obs.obs_data_set_string(self.settings, "category", category)
        self.show_category()
        if tags is not None:
            array = obs.obs_data_array_create()
            for tag in tags:
                item = obs.obs_data_create()
                obs.obs_data_set_string(item, "value", tag)
                obs.obs_data_array_push_back(array, item)
                obs.obs_data_release(item)
            obs.obs_data_set_array(self.settings, "tags", array)
            obs.obs_data_array_release(array)

    # -- title, category, tags -------------------------------------------------------------

    def show_category(self) -> None:
        """Puts the name of the category that is set into the field for it."""
        slug = obs.obs_data_get_string(self.settings, "category")
        self._category_shown = self.app.category_shown(slug)
        obs.obs_data_set_string(self.settings, "category_entry", self._category_shown)

    def note_tags(self, on_velora: bool) -> None:
        """Keeps whether the tags in the field are Velora's, too."""
        obs.obs_data_set_bool(self.settings, "tags_on_velora", on_velora)

    def _tags_were_emptied(self) -> bool:
        """Whether tags were taken out of the field that Velora has, too."""
        known = obs.obs_data_get_bool(self.settings, "tags_on_velora")
        return known and not any(tag.strip() for tag in self._tags())

    def _tags(self) -> tuple[str, ...]:
        array = obs.obs_data_get_array(self.settings, "tags")
        tags = []
        for position in range(obs.obs_data_array_count(array)):
            item = obs.obs_data_array_item(array, position)
            tags.append(obs.obs_data_get_string(item, "value"))
            obs.obs_data_release(item)
        obs.obs_data_array_release(array)
        return tuple(tags)

    # -- addresses, which are fields because what is in a field can be copied --------------

    def show_redirect_address(self) -> None:
        """Puts the address that has to be registered into its field."""
        obs.obs_data_set_string(self.settings, "redirect_address", self.app.redirect_address)

    def show_sign_in_address(self) -> str:
        """As a default value, which OBS shows and never saves; returns it."""
        address = self.app.sign_in_address
        obs.obs_data_unset_user_value(self.settings, "sign_in_address")  # somebody typed in it
        obs.obs_data_set_default_string(self.settings, "sign_in_address", address)
        return address

    # -- text sources ----------------------------------------------------------------------

    def show_template(self) -> None:
        """Puts the chosen source's template into the field for it."""
        self.text_source = obs.obs_data_get_string(self.settings, "text_source")
        template = self._templates().get(self.text_source, "")
        obs.obs_data_set_string(self.settings, "text_template", template)

    def _keep_template(self) -> None:
        """Takes what the field for the chosen source's template holds."""
        if obs.obs_data_get_string(self.settings, "text_source") != self.text_source:
            self.show_template()
        if not self.text_source:
            return
        templates = self._templates()
        template = obs.obs_data_get_string(self.settings, "text_template")
        if templates.get(self.text_source, "") != template:
            templates[self.text_source] = template
            self._set_templates({name: text for name, text in templates.items() if text})

    def _templates(self) -> dict[str, str]:
        """By text source, what it is to show."""
        found = self._dictionary("text_templates")
        return {name: text for name, text in found.items() if isinstance(text, str) and text}

    def _set_templates(self, templates: Mapping[str, str]) -> None:
        obs.obs_data_set_string(self.settings, "text_templates", json.dumps(templates))

    def rename_source(self, before: str, after: str) -> None:
        """A source of the scenes has another name now."""
        templates = self._templates()
        if before in templates:
            templates[after] = templates.pop(before)
            self._set_templates(templates)
        if self.text_source == before:
            self.text_source = after
            obs.obs_data_set_string(self.settings, "text_source", after)

    def replaced_texts(self) -> dict[str, ReplacedText]:
        """By text source, what was in it before."""
        kept = self._dictionary("covered_texts")
        pairs = {name: pair for name, pair in kept.items() if _is_two_texts(pair)}
        return {name: ReplacedText(*pair) for name, pair in pairs.items()}

    def save_replaced_texts(self, texts: Mapping[str, ReplacedText]) -> None:
        """In the scene collection, as the sources are: what is kept fits what is in them."""
        pairs = {name: list(pair) for name, pair in texts.items()}
        obs.obs_data_set_string(self.settings, "covered_texts", json.dumps(pairs))

    def _dictionary(self, field: str) -> dict[str, Any]:
        """A setting that holds JSON, which somebody may have damaged."""
        try:
            found = json.loads(obs.obs_data_get_string(self.settings, field) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def _is_two_texts(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)
