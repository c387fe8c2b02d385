"""The panel as a value: what is shown is decided here, and a host or a web page only draws it."""
