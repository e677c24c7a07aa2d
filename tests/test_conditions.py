"""What a request's headers ask of the cache: lenient in reading, strict in effect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.conditions import MAX_SECONDS, NONE, Conditions, Report, ReportKind, conditions_of


def asked(*values: str, name: str = "Cache-Control") -> Conditions:
    return conditions_of([(name.encode(), value.encode("latin-1")) for value in values])


@pytest.mark.parametrize(
    "value",
    [
        *("no-store", "No-Store", " no-store ", "max-age=0, NO-STORE", ",,no-store,", "no-store=1"),
        *("no-cache; no-store", "max-age=0;no-store", "no-cache no-store", "max-age = 0 no-store", 'a="b c" no-store'),
    ],
)
def test_no_store_is_understood_in_every_spelling(value: str) -> None:
    assert asked(value).no_store


@pytest.mark.parametrize(
    ("value", "max_age"),
    [
        ("max-age=60", 60),
        ('max-age="60"', 60),
        ("MAX-AGE = 60", 60),
        ("max-age=60, max-age=10", 10),
        ("max-age=60,max-age=x", -1),
        ("max-age", -1),
        ("max-age=", -1),
        ("max-age=-1", -1),
        ("max-age=1.5", -1),
        ("max-age=²", -1),
        ("max-age=99999999999999999999", MAX_SECONDS),
        ("no-cache; max-age=5", 5),
        ("only-if-cached max-age = 5 no-cache", 5),
        ('note="a max-age=5"; b', None),
        ("private", None),
        ('note="max-age=5"', None),
    ],
)
def test_max_age_counts_its_strictest_reading(value: str, max_age: int | None) -> None:
    assert asked(value).max_age == max_age


def test_several_lines_are_one_list() -> None:
    conditions = asked("no-cache", "only-if-cached, min-fresh=5")

    assert (conditions.no_cache, conditions.only_if_cached, conditions.min_fresh) == (True, True, 5)


def test_the_highest_min_fresh_counts() -> None:
    assert asked("min-fresh=10, min-fresh=5").min_fresh == 10


@pytest.mark.parametrize("value", ["min-fresh=x", "max-age=abc", "max-age", "max-age=60, max-age=x"])
def test_an_unreadable_freshness_is_never_met(value: str) -> None:
    """RFC 9111 §4.2.1: what is invalid counts as stale, also in the second in which it was stored."""
    assert not asked(value).allows(age_s=0, ttl_left_s=86_400)


@pytest.mark.parametrize(
    ("value", "age_s", "ttl_left_s", "is_allowed"),
    [
        ("", 100, 1, True),
        ("max-age=60", 60, 1, True),
        ("max-age=60", 61, 1, False),
        ("max-age=0", 0, 1, True),
        ("min-fresh=10", 0, 10, True),
        ("min-fresh=10", 0, 9, False),
        ("no-cache", 0, 100, False),
    ],
)
def test_age_and_freshness_limits(value: str, age_s: int, ttl_left_s: int, is_allowed: bool) -> None:
    assert asked(value).allows(age_s, ttl_left_s) == is_allowed


@pytest.mark.parametrize("value", ["x-no-store", "nostore", "no-store-ever"])
def test_other_words_are_not_mistaken_for_ours(value: str) -> None:
    assert not asked(value).no_store


@pytest.mark.parametrize(
    ("value", "report"),
    [
        ("bad-hit", Report(ReportKind.BAD)),
        ("BAD-HIT; ID=abc_1.x-2", Report(ReportKind.BAD, "abc_1.x-2")),
        ("good-hit;id=abc", Report(ReportKind.GOOD, "abc")),
        ('bad-hit; id="abc"; reason="other; order"', Report(ReportKind.BAD, "abc", "other; order")),
        ("bad-hit; id=", None),
        ("bad-hit; id=a; id=b", None),
        ("bad-hit; id=<script>", None),
        ("bad", None),
        ("", None),
    ],
)
def test_a_report_is_read_or_ignored(value: str, report: Report | None) -> None:
    read = asked(value, name="equicache-report")
    assert read.report == report
    assert read.is_report_malformed is (report is None)


@pytest.mark.parametrize("said", ["abc", "chatcmpl-abc", "resp_abc", "cmpl-abc"])
def test_a_report_names_the_hit_or_its_completion(said: str) -> None:
    assert asked(f"bad-hit; id={said}", name="equicache-report").report == Report(ReportKind.BAD, "abc")


def test_two_reports_that_disagree_say_nothing() -> None:
    disagreeing = asked("bad-hit", "good-hit", name="equicache-report")
    assert disagreeing.report is None
    assert disagreeing.is_report_malformed


@pytest.mark.parametrize(("value", "ttl_s"), [("60", 60), ("0", 0), ("-1", 0), ("1h", 0), ("", 0), ("1e3", 0)])
def test_a_ttl_is_whole_seconds_and_none_at_all_where_it_cannot_be_read(value: str, ttl_s: int | None) -> None:
    assert asked(value, name="equicache-ttl").ttl_s == ttl_s


@pytest.mark.parametrize(
    ("values", "threshold"),
    [
        (["0.9"], 0.9),
        ([".5"], 0.5),
        (["1"], 1.0),
        (["0.5", "0.8"], 0.8),
        (["1.5"], 1.0),
        (["95"], 1.0),
        (["nan"], 1.0),
        (["0.9", "-0.1"], 1.0),
        ([""], 1.0),
    ],
)
def test_a_threshold_is_a_probability_and_the_strictest_counts(values: list[str], threshold: float | None) -> None:
    assert asked(*values, name="equicache-threshold").threshold == threshold


def test_tags_are_few_short_distinct_words() -> None:
    conditions = asked("faq, faq, a b, v1.2 ," + "x" * 65, ",".join(f"t{n}" for n in range(30)), name="equicache-tags")

    assert conditions.tags[:3] == ("faq", "v1.2", "t0")
    assert len(conditions.tags) == 16


@pytest.mark.parametrize(("value", "domain"), [("support", "support"), ("a b", None), ("../x", None), ("", None)])
def test_a_domain_is_a_name(value: str, domain: str | None) -> None:
    assert asked(value, name="equicache-domain").domain == domain


def test_without_our_headers_nothing_is_asked() -> None:
    assert conditions_of([(b"Accept", b"*/*")]) is NONE


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_header_value_raises(value: str) -> None:
    for name in ("cache-control", "equicache-report", "equicache-ttl", "equicache-threshold", "equicache-tags"):
        asked(value, name=name)


def test_a_hostile_header_is_read_in_linear_time() -> None:
    assert not asked('max-age="' * 7_000 + "\\" * 7_000).no_store
