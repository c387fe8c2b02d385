"""The contract for hosts, kept by those that reach their software through a connection."""

from tests.unit.hosts.test_contract import *  # noqa: F403
