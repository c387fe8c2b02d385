"""Velora on loopback, for tests, the demo and the benchmark.

>>> with Simulator() as velora:
...     token = velora.issue_token(scopes=["stream:read"])
...     velora.faults.add(Fault.latency("GET", "/stream/info", seconds=0.3))
...     velora.journal.wait_for("GET", "/stream/info")
"""

from tests.simulator.accounts import SCOPES, Account, Token
from tests.simulator.events import Events
from tests.simulator.faults import Fault
from tests.simulator.journal import Entry
from tests.simulator.oauth import Client
from tests.simulator.server import Simulator

__all__ = ["SCOPES", "Account", "Client", "Entry", "Events", "Fault", "Simulator", "Token"]
