"""The viewers as a curve."""

from __future__ import annotations

from velora_core.app.viewer_curve import _MAX_SAMPLES, ViewerCurve


def test_long_stream__has_its_beginning_and_its_end() -> None:
    curve = ViewerCurve()
    for second in range(0, 12 * 3600, 5):
        curve.add(float(second), second)
        assert len(curve.points) <= _MAX_SAMPLES
    assert curve.points[0] == (0, 0)
    assert curve.points[-1][1] == 12 * 3600 - 5
    assert len(curve.points) > _MAX_SAMPLES / 3
    assert list(curve.points) == sorted(curve.points)


def test_clock__that_is_set_back() -> None:
    curve = ViewerCurve()
    for at in (100.0, 200.0, 50.0, 60.0):
        curve.add(at, int(at))
    assert curve.points == ((100, 100), (200, 200), (50, 50), (60, 60))
