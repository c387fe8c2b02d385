"""The simulator against the platform's contract, driven by schemathesis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.simulator import Simulator

CONTRACT = Path(__file__).with_name("velora-openapi.yaml")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
QUICK = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
"""Each run asks the same: one that finds something new is for those who look for it."""
# Without the cases that are about the method or the token themselves.
AS_AGREED = settings(QUICK, phases=[Phase.generate])

schema = schemathesis.openapi.from_path(str(CONTRACT))


def ask(case: Any, velora: Simulator, token: str) -> Any:
    """Send a generated request, with this token and none that was generated."""
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
    beside = case.path.startswith(("/categories/", "/events/"))  # not below the streaming API
    return case.call(base_url=f"{velora.url}/api" if beside else velora.api_url)


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator() as velora:
        velora.events.lifetime = 0  # seconds: a stream that ends can be read whole
        yield velora


@schema.parametrize()
@QUICK
def test_whatever_is_asked__the_answer_is_as_agreed(case: Any, shared: Simulator) -> None:
    response = ask(case, shared, shared.issue_token())
    case.validate_response(response, checks=CHECKS)


@schema.parametrize()
@AS_AGREED
def test_without_a_token__401_as_agreed(case: Any, shared: Simulator) -> None:
    response = ask(case, shared, "nonsense")
    assert response.status_code == 401
    case.validate_response(response, checks=CHECKS)


@schema.parametrize()
@AS_AGREED
def test_without_a_scope__403_as_agreed(case: Any, shared: Simulator) -> None:
    response = ask(case, shared, shared.issue_token(scopes=[]))
    needs_none = "/categories" in case.path
    assert response.status_code in ((200, 400) if needs_none else (403,))
    case.validate_response(response, checks=CHECKS)


@schema.parametrize()
@AS_AGREED
def test_too_often__429_as_agreed(case: Any) -> None:
    with Simulator() as velora:
        velora.rate_limit.per_minute = 0
        response = ask(case, velora, velora.issue_token())
        assert response.status_code == 429
        assert int(response.headers["retry-after"][0]) > 0
        case.validate_response(response, checks=CHECKS)
