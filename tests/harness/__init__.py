"""Drives a real OBS and real ingests, as a streamer would."""

from tests.harness.browser import Browser, BrowserButton
from tests.harness.chroots import ObsChroot, install_chroot
from tests.harness.config import ObsConfig, Profile, SceneCollection, Script
from tests.harness.desktop_keyring import DesktopKeyring
from tests.harness.display import Display
from tests.harness.installation import ObsInstallation
from tests.harness.obs import Obs, QuitReport, Stats, StreamStatus
from tests.harness.obs_log import LogLine
from tests.harness.panel import Panel, Widget
from tests.harness.probe import MediaProbe
from tests.harness.processes import ProcessUsage
from tests.harness.requirements import DEBIAN_PACKAGES, available, missing_packages
from tests.harness.rtmp_ingest import Publish, RtmpIngest
from tests.harness.srt_ingest import SrtIngest, SrtStream
from tests.harness.toy_windows import ToyWindows, capture_window
from tests.harness.waiting import HarnessError, WaitTimeout, wait_until

__all__ = [
    "DEBIAN_PACKAGES",
    "Browser",
    "BrowserButton",
    "DesktopKeyring",
    "Display",
    "HarnessError",
    "LogLine",
    "MediaProbe",
    "Obs",
    "ObsChroot",
    "ObsConfig",
    "ObsInstallation",
    "Panel",
    "ProcessUsage",
    "Profile",
    "Publish",
    "QuitReport",
    "RtmpIngest",
    "SceneCollection",
    "Script",
    "SrtIngest",
    "SrtStream",
    "Stats",
    "StreamStatus",
    "ToyWindows",
    "WaitTimeout",
    "Widget",
    "available",
    "capture_window",
    "install_chroot",
    "missing_packages",
    "wait_until",
]
