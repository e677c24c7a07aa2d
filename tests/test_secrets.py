"""Secrets are found by their shape; ordinary numbers and words are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.secrets import find_secret

KEY = "T3BlbkFJ" + "a1B2c3D4e5F6g7H8"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("My card is 4111 1111 1111 1111, thanks", "card_number"),
        ("4111111111111111", "card_number"),
        ("4111-1111-1111-1111", "card_number"),
        ("pay with 3782 822463 10005", "card_number"),
        ("4111\u202f1111\u202f1111\u202f1111", "card_number"),
        ("4111\u20111111\u20111111\u20111111", "card_number"),
        ("5555 5555 5555 4444 123", "card_number"),
        ("order 1234 4111 1111 1111 1111", "card_number"),
        ("2223003122003222", "card_number"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "pem"),
        ("-----BEGIN CERTIFICATE-----", "pem"),
        (f"export OPENAI_API_KEY=sk-{KEY}", "api_key"),
        (f"sk-proj-{KEY}", "api_key"),
        ("sk" + "_live_4eC39HqLyjWDarjtT1zdp7dc", "stripe_key"),
        ("AKIA" + "IOSFODNN7EXAMPLE", "aws_key"),
        ("export AWS_SECRET_ACCESS_KEY=" + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret"),
        ("aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\nregion = x", "aws_secret"),
        ('{"SecretAccessKey": "' + 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}', "aws_secret"),
        ("ghp_" + "a1" * 18, "github_token"),
        ("xoxb-" + "123456789012-abcdef", "slack_token"),
        ("AIza" + "SyA1" * 9, "google_key"),
        ("glpat-" + "a1b2c3d4e5f6g7h8i9j0", "gitlab_token"),
        ("eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n", "jwt"),
        ("curl -H 'Authorization: Bearer " + "0123456789abcdef01234567'", "bearer_token"),
        ("4111.1111.1111.1111", "card_number"),
        ("PuTTY-User-Key-File-3: ssh-ed25519", "pem"),
        ("token = pypi-" + "AgEIcHlwaS5vcmc" + "a1B2" * 20, "vendor_key"),
        ("dckr_pat_" + "a1B2c3D4e" * 3, "vendor_key"),
        ("VAULT_TOKEN=hvs." + "CAESIa1B2" * 5, "vendor_key"),
        ("shpat_" + "0a1b2c3d" * 4, "vendor_key"),
        ("dapi" + "0a1b2c3d" * 4, "vendor_key"),
        ("GOCSPX-" + "a1B2c3D" * 4, "vendor_key"),
        ("glsa_" + "a1B2c3D4" * 4 + "_0a1b2c3d", "vendor_key"),
        ("whsec_" + "a1B2c3D4" * 4, "vendor_key"),
        ("123456789:AA" + "a1B-c3D_e5F" * 3, "bot_token"),
        ("MTk4NjIyNDgzNDcxOTI1MjQ4." + "Cl2FMQ." + "a1B2c3D4e" * 3, "bot_token"),
        ("SK" + "0a1b2c3d" * 4, "hex_key"),
        ("key-" + "0a1b2c3d" * 4, "hex_key"),
    ],
)
def test_a_secret_is_named_by_its_kind(text: str, kind: str) -> None:
    assert find_secret(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Where is my order 1234567890123456?",
        "order 4111 1111 1111 1112",
        "tracking number 1Z999AA10123456784",
        "0.4111111111111111",
        "9411111111111111111111",
        "uuid 123e4567-e89b-12d3-a456-426614174000",
        "commit 0f3c1a2b4d5e6f708192a3b4c5d6e7f8091a2b3c",
        "1990 1991 1992 1993 1994 1995",
        "How do I install sk-learn-contrib-something-nice?",
        "What does an sk- key look like?",
        "a risk-management-framework-for-banks-2024",
        "call +49 170 1234567 or 0800 1234 5678",
        "0000 0000 0000 0000",
        "Authorization: Bearer YOUR_API_KEY",
        "AWS_SECRET_ACCESS_KEY=YOUR_SECRET_ACCESS_KEY",
        "What is aws_secret_access_key: 0f3c1a2b4d5e6f708192a3b4c5d6e7f8091a2b3c0f3c1a2b4d5e6f708192a3b4?",
        "the eyJ prefix of a token",
        "pypi-mirror-with-a-very-long-name-2024",
        "What does a shpat_ or hvs. token look like? And a dapi one, or whsec_YOUR_SIGNING_SECRET_GOES_HERE?",
        "task key-0a1b2c3d, SKU SK0a1b2c3d, ratio 123456789:1000",
        "NotificationServiceHandler.create.send_notification_to_customers",
        "Node.js v18.12.1 and Next.js 13.4.19 on macOS",
        "IBAN DE89 3704 0044 0532 0130 00",
    ],
)
def test_an_ordinary_number_or_word_is_no_secret(text: str) -> None:
    assert find_secret(text) is None


@given(st.integers(min_value=10**15, max_value=10**16 - 1))
def test_sixteen_digits_need_a_card_prefix(number: int) -> None:
    if str(number)[0] in "1789":
        assert find_secret(f"order {number}") is None


@pytest.mark.parametrize(
    "hostile",
    [
        "eyJ12345678-" * 90_000,
        "4" * 1_000_000,
        "4111 " * 200_000,
        "sk-" * 330_000,
        "-----BEGIN " * 90_000,
        "SecretAccessKey =" * 60_000,
        "123456789:AA" * 80_000,
        "MTk4NjIyNDgzNDcxOTI1MjQ4." * 40_000,
    ],
)
def test_a_megabyte_of_hostile_text_comes_to_an_end(hostile: str) -> None:
    assert find_secret(hostile) in (None, "card_number")
