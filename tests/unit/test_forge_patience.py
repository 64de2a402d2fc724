"""How long to wait before another try."""

from __future__ import annotations

import pytest

from reconciler.forge.patience import pause

NOW = 1_000_000.0


@pytest.mark.parametrize(
    ("status", "headers", "message", "attempt", "seconds"),
    [
        pytest.param(429, {"retry-after": "30"}, "", 0, 30, id="as long as the forge says"),
        pytest.param(403, {"retry-after": "60"}, "", 3, 60, id="github says 403 for a limit too"),
        pytest.param(
            403,
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000090"},
            "",
            0,
            91,
            id="until the limit is lifted",
        ),
        pytest.param(
            429,
            {"ratelimit-remaining": "0", "ratelimit-reset": "1000005"},
            "",
            0,
            6,
            id="gitlab's own words",
        ),
        pytest.param(
            403,
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "999000"},
            "",
            0,
            1,
            id="a limit that is lifted already",
        ),
        pytest.param(
            403, {}, "You have exceeded a secondary rate limit", 0, 60, id="a minute at least"
        ),
        pytest.param(429, {}, "", 2, 240, id="doubled each time"),
        pytest.param(
            429, {"retry-after": "soon"}, "", 0, 60, id="a header that is no number of seconds"
        ),
        pytest.param(403, {"x-ratelimit-remaining": "0"}, "", 0, 60, id="a limit without its end"),
        pytest.param(502, {}, "", 0, 1, id="a fault of the server passes"),
        pytest.param(503, {}, "", 3, 8, id="or takes longer"),
        pytest.param(503, {"retry-after": "7"}, "", 0, 7, id="or says how long"),
        pytest.param(None, {}, "", 1, 2, id="no answer came"),
        pytest.param(403, {}, "Resource not accessible by integration", 0, None, id="forbidden"),
        pytest.param(
            403, {"x-ratelimit-remaining": "4999"}, "", 0, None, id="forbidden, far from a limit"
        ),
        pytest.param(404, {}, "", 0, None, id="not there"),
        pytest.param(422, {}, "", 0, None, id="wrong"),
    ],
)
def test_the_wait_is_what_the_documentation_asks_for(
    status: int | None,
    headers: dict[str, str],
    message: str,
    attempt: int,
    seconds: float | None,
) -> None:
    assert pause(status, headers, message, attempt=attempt, now=NOW) == seconds
