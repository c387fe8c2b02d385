"""When in a token refresh something is done to OBS, and what: drawn by lot, from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

DELAYS = (0.0, 0.1, 0.5, 2.0)
"""Seconds that the token endpoint takes to answer."""

START, STOP, QUIT = "Start Streaming", "Stop Streaming", "quit, start again"
RELOAD, DEFAULTS = "Reload", "Defaults"
COLLECTION, PROFILE = "switch scene collection", "switch profile"
SIGN_IN, SIGN_OUT = "Sign in with Velora", "Sign out"
REGENERATE, YES, NO = "Regenerate stream key", "Yes, make a new key", "No, keep it"
CONFIGURE, RESTORE, LOAD = "Configure Velora", "Restore previous service", "Load from Velora"
BUTTONS = (
    *("Refresh", "Update now", LOAD, "Check everything", CONFIGURE, REGENERATE),
    *(YES, NO, RESTORE, SIGN_IN, SIGN_OUT),
)

ACTS = (START, *BUTTONS, RELOAD, DEFAULTS, COLLECTION, PROFILE, QUIT, STOP)

AT_LOADING, AT_A_PRESS, AT_A_START = "loading", "Refresh", "going live"
AT_SIGNING_IN = "signing in"  # the exchange of the code, which can't be done twice either
WHILE_LIVE = ("Refresh", "Update now", LOAD, CONFIGURE, SIGN_OUT, RELOAD, COLLECTION, STOP)

WHILE_SIGNING_IN = (
    *("Refresh", "Update now", LOAD, CONFIGURE, START, RELOAD, DEFAULTS),
    *(COLLECTION, PROFILE, QUIT),
)
_QUITTING = 0.3  # seconds from the request to quit until OBS unloads scripts, roughly
_AIMING = 0.05


class Moment(NamedTuple):
    """What is done while the script waits for tokens, and how that goes."""

    begun_by: str
    """What makes the script ask for tokens."""
    act: str
    delay: float
    """Seconds until Velora answers it."""
    rotates_late: bool
    """The old refresh token dies when Velora answers, and not at once."""
    short: bool
    """The access token has run out; else Velora refuses one that seems good."""
    offset: float
    """Seconds from when Velora has the refresh until the act."""

    def __str__(self) -> str:
        late = " and then rotates" if self.rotates_late else ""
        answer = f"answer after {self.delay:g} s{late}"
        return f"{self.begun_by}, {answer}; at {self.offset:.2f} s: {self.act}"


def plan(count: int, seed: int, acts: Sequence[str] = ACTS) -> list[Moment]:
    """Return so many moments, in which each of `acts` comes as often as the others."""
    chance = random.Random(seed)
    rounds = -(-count // len(acts))
    moments = []
    for turn in range(rounds):
        mixed = list(acts)
        chance.shuffle(mixed)
        for number, act in enumerate(mixed):
            # Each act meets each delay in turn.
            place = (ACTS.index(act) + turn) % len(DELAYS)
            moments.append(_moment(chance, act, DELAYS[place], number))
    return moments[:count]


def _moment(chance: random.Random, act: str, delay: float, number: int) -> Moment:
    begun_by = AT_LOADING
    if act == STOP or (act in WHILE_LIVE and chance.random() < 0.3):
        begun_by = AT_A_START
    elif act in WHILE_SIGNING_IN and chance.random() < 0.15:
        begun_by = AT_SIGNING_IN
    elif act != SIGN_IN and chance.random() < 0.2:
        begun_by = AT_A_PRESS
    early = -_AIMING
    if act == QUIT and delay < 1:
        early = -_QUITTING
    return Moment(
        begun_by=begun_by,
        act=act,
        delay=delay,
        rotates_late=chance.random() < 0.25,
        short=chance.random() < 0.3,
        offset=chance.uniform(early, delay),
    )
