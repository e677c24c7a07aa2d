"""Whose an answer may be that sets a cookie."""

from __future__ import annotations

import pytest

from proxy.core.cookies import sets_own_cookie

OPENAI = (
    "__cf_bm=oS8-1.0; path=/; expires=Sat, 01-Mar-27 14:44:04 GMT; domain=.api.openai.com; HttpOnly, "
    "_cfuvid=frr-0.0.1.1; path=/; domain=.api.openai.com; HttpOnly; Secure; SameSite=None"
)


@pytest.mark.parametrize("cookie", ["AWSALBCORS=a", "ARRAffinitySameSite=b", " cf_clearance=c", "BIGipServer~x=d"])
def test_cookies_of_balancers_and_bot_guards_make_nothing_personal(cookie: str) -> None:
    assert not sets_own_cookie(f"{OPENAI}, {cookie}")


@pytest.mark.parametrize("cookie", ["session=1", "__cf_bmx=1", "=__cf_bm=1", "", "sid=1, __cf_bm=2"])
def test_any_other_cookie_may_be_a_session(cookie: str) -> None:
    assert sets_own_cookie(f"{OPENAI}, {cookie}")
    assert sets_own_cookie(cookie)


def test_an_answer_without_cookies_has_none_of_its_own() -> None:
    assert not sets_own_cookie(None)
