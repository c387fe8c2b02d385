"""OBS from outside, by obs-websocket 5: on this computer or on another one."""
