"""The fake obspython's properties, of which a script makes its panel."""

from __future__ import annotations

from typing import Any

from tests.unit.fake_obs_data import FakeObsData
from tests.unit.fake_obs_objects import Properties, Property

__all__ = ["FakeObsProperties"]


class FakeObsProperties(FakeObsData):
    """The module's part for properties."""

    def obs_properties_create(self) -> Properties:
        return Properties()

    def obs_properties_get(self, props: Properties, name: str) -> Property | None:
        return props.find(name)

    def obs_properties_add_text(
        self, props: Properties, name: str, text: str, kind: int
    ) -> Property:
        props.append(Property(name, text, f"text {kind}"))
        return props[-1]

    def obs_properties_add_bool(self, props: Properties, name: str, text: str) -> Property:
        props.append(Property(name, text, "bool"))
        return props[-1]

    def obs_properties_add_int(self, props: Properties, name: str, text: str, *_: int) -> Property:
        props.append(Property(name, text, "int"))
        return props[-1]

    def obs_properties_add_path(
        self, props: Properties, name: str, text: str, kind: int, files: str, folder: str
    ) -> Property:
        assert (files, folder) == ("*.json", "")
        props.append(Property(name, text, f"path {kind}"))
        return props[-1]

    def obs_properties_add_list(
        self, props: Properties, name: str, text: str, kind: int, form: int
    ) -> Property:
        props.append(Property(name, text, f"list {kind}"))
        return props[-1]

    def obs_properties_add_editable_list(
        self, props: Properties, name: str, text: str, *_: Any
    ) -> Property:
        props.append(Property(name, text, "editable list"))
        return props[-1]

    def obs_properties_add_button(
        self, props: Properties, name: str, text: str, callback: Any
    ) -> Property:
        props.append(Property(name, text, "button", callback))
        return props[-1]

    def obs_properties_add_group(
        self, props: Properties, name: str, text: str, kind: int, content: Properties
    ) -> Property:
        props.append(Property(name, text, "group"))
        props[-1].content = content
        return props[-1]

    def obs_property_name(self, prop: Property) -> str:
        return prop.name

    def obs_property_set_long_description(self, prop: Property, text: str) -> None:
        prop.help = text

    def obs_property_set_description(self, prop: Property, text: str) -> None:
        prop.text = text

    def obs_property_text_set_info_type(self, prop: Property, kind: int) -> None:
        prop.info = kind

    def obs_property_set_visible(self, prop: Property, visible: bool) -> None:
        prop.visible = visible

    def obs_property_set_enabled(self, prop: Property, enabled: bool) -> None:
        prop.enabled = enabled

    def obs_property_set_modified_callback(self, prop: Property, callback: Any) -> None:
        prop.modified = callback

    def obs_property_list_add_string(self, prop: Property, text: str, value: str) -> None:
        prop.items.append((text, value))

    def obs_property_list_clear(self, prop: Property) -> None:
        prop.items.clear()
