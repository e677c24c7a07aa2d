"""Nobody waits for what has failed three times in a row, and each change is told once."""

from __future__ import annotations

from proxy.backends.breaker import Breaker


def test_only_failures_in_a_row_open_it() -> None:
    told: list[bool] = []
    breaker = Breaker(lambda is_up, _why: told.append(is_up))
    for _ in range(5):
        breaker.failed("slow")
        breaker.failed("slow")
        breaker.succeeded()

    assert [] == told


def test_it_opens_at_the_third_failure_and_closes_at_the_first_success_telling_each_once() -> None:
    told: list[tuple[bool, str]] = []
    breaker = Breaker(lambda is_up, why: told.append((is_up, why)))
    for number in range(4):
        breaker.failed(f"failure {number}")
        assert breaker.is_open == (number >= 2)
    breaker.succeeded()
    breaker.succeeded()

    assert not breaker.is_open
    assert [(False, "failure 2"), (True, "answers again")] == told
