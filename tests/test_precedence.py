"""Which of several calls for one key is stored."""

from __future__ import annotations

from proxy.core.precedence import MAX_KEYS, Precedence


def test_a_call_may_be_stored_again_and_an_older_one_may_not() -> None:
    """A store that is busy is asked again with the same answer."""
    precedence = Precedence()
    older, newer = precedence.begin(), precedence.begin()

    assert [True, True, True, False] == [precedence.take(b"key", call) for call in (older, newer, newer, older)]
    assert precedence.take(b"another key", older)


def test_what_is_withdrawn_is_stored_again_only_by_a_call_that_begins_later() -> None:
    precedence = Precedence()
    before = precedence.begin()
    precedence.withdraw(b"key")

    assert not precedence.take(b"key", before)
    assert precedence.take(b"key", precedence.begin())


def test_what_was_withdrawn_unheard_is_stored_again_only_by_a_call_that_begins_later() -> None:
    precedence = Precedence()
    before = precedence.begin()
    assert precedence.take(b"key", before)
    precedence.withdraw_all()

    assert [False, False] == [precedence.take(key, before) for key in (b"key", b"another key")]
    assert precedence.take(b"key", precedence.begin())


def test_only_so_many_keys_are_known() -> None:
    precedence = Precedence()
    for number in range(MAX_KEYS + 10):
        precedence.withdraw(b"%d" % number)

    assert MAX_KEYS == len(precedence._newest)
