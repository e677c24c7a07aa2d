"""Texts from outside the project that only shape weights: request styles and other languages.

Nothing read here is written anywhere. Every source is open (CC BY, CDLA-Sharing, MIT, BSD); the card lists them with
licence and digest. Texts of any development or stream file are dropped (R31).
"""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from classifier_export.prompts.generate import Example

INTENTS: dict[str, str] = {
    "time_bound": "weather time date exchange_rate traffic flight_status how_busy next_holiday travel_alert",
    "side_effect": "transfer pay_bill alarm timer reminder_update calendar_update "
    "shopping_list_update todo_list_update update_playlist play_music next_song smart_home change_volume "
    "change_speed change_accent change_language "
    "change_ai_name change_user_name whisper_mode reset_settings sync_device make_call text share_location uber "
    "book_flight book_hotel car_rental restaurant_reservation cancel_reservation schedule_meeting order order_checks "
    "schedule_maintenance freeze_account pto_request",
    "novelty": "roll_dice flip_coin tell_joke fun_fact",
    "personal": "balance bill_balance bill_due min_payment transactions spending_history credit_score credit_limit apr "
    "income payday pto_balance pto_used pto_request_status rewards_balance routing expiration_date order_status "
    "application_status user_name calendar meeting_schedule reminder shopping_list todo_list last_maintenance "
    "current_location interest_rate gas",
    "context_bound": "repeat yes no maybe",
    "ordinary": "definition measurement_conversion spelling calculator recipe ingredients_list ingredient_substitution "
    "calories nutrition_info cook_time food_last meal_suggestion travel_suggestion plug_type vaccines carry_on "
    "international_visa international_fees tire_pressure tire_change oil_change_how oil_change_when jump_start "
    "gas_type improve_credit_score replacement_card_duration meaning_of_life are_you_a_bot what_is_your_name timezone "
    "account_blocked card_declined damaged_card what_can_i_ask_you who_made_you rollover_401k redeem_rewards "
    "restaurant_suggestion restaurant_reviews accept_reservations where_are_you_from translate "
    "activate_my_card age_limit apple_pay_or_google_pay atm_support automatic_top_up beneficiary_not_allowed "
    "card_about_to_expire card_acceptance card_arrival card_delivery_estimate card_linking card_not_working "
    "card_payment_fee_charged card_payment_not_recognised card_payment_wrong_exchange_rate card_swallowed "
    "cash_withdrawal_charge cash_withdrawal_not_recognised change_pin compromised_card contactless_not_working "
    "country_support declined_card_payment declined_cash_withdrawal declined_transfer disposable_card_limits "
    "exchange_charge exchange_via_app extra_charge_on_statement failed_transfer fiat_currency_support "
    "get_disposable_virtual_card get_physical_card getting_spare_card getting_virtual_card lost_or_stolen_card "
    "lost_or_stolen_phone order_physical_card passcode_forgotten pending_card_payment pending_cash_withdrawal "
    "pending_top_up pending_transfer pin_blocked receiving_money reverted_card_payment? supported_cards_and_currencies "
    "top_up_by_bank_transfer_charge top_up_by_card_charge top_up_by_cash_or_cheque top_up_failed top_up_limits "
    "top_up_reverted topping_up_by_card transaction_charged_twice transfer_fee_charged "
    "transfer_not_received_by_recipient transfer_timing unable_to_verify_identity verify_my_identity "
    "verify_source_of_funds verify_top_up virtual_card_not_working visa_or_mastercard why_verify_identity "
    "wrong_amount_of_cash_received wrong_exchange_rate_for_cash_withdrawal "
    "check_cancellation_fee check_payment_methods check_refund_policy complaint contact_customer_service "
    "contact_human_agent delivery_options delivery_period payment_issue recover_password registration_problems review",
}
"""What an intent of CLINC150, BANKING77 or Bitext is to us; intents that are mixed are in no list."""

QUESTION_SETS = ("disfl_qa", "rqe", "smartmemo_v2")
"""Sources of ordinary questions; some lean on a context, so that they say nothing about that kind."""

LATIN_LANGUAGES = frozenset(
    [
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "pt_BR",
        "nl",
        "pl",
        "tr",
        "sv",
        "da",
        "nb",
        "fi",
        "cs",
        "hu",
        "ro",
        "id",
        "vi",
        "ca",
        "hr",
        "sk",
        "sl",
        "et",
        "lv",
        "lt",
        "gl",
        "eu",
        "sq",
        "az",
        "uz",
        "is",
        "cy",
        "ga",
        "af",
    ]
)


@dataclass(frozen=True, slots=True)
class Outside:
    """Prompts with a kind, ordinary questions, and interface texts as (language, text)."""

    prompts: list[Example]
    questions: list[str]
    interface: list[tuple[str, str]]


def read_outside(pairs: Path | None, translations: Path | None, dropped: list[Path]) -> Outside:
    """Reads what is there; `pairs` is a file of labelled pairs, `translations` the wheel of Django (BSD)."""
    banned = {normalised(text) for path in dropped for text in _texts(path)}
    interface = sorted(set(_translations(translations))) if translations else []
    if pairs is None:
        return Outside([], [], interface)
    kinds = {intent: kind for kind, intents in INTENTS.items() for intent in intents.split()}
    prompts: dict[str, Example] = {}
    questions: set[str] = set()
    for pair in _records(pairs):
        name, _, intent = pair["source"].partition(":")
        for text in (pair["a"], pair["b"]):
            if normalised(text) in banned:
                continue
            if intent in kinds:
                prompts[text] = Example(text, kinds[intent], "en", "train", f"{name}:{intent}")
            elif name in QUESTION_SETS and intent != "opposite-action":
                questions.add(text)
    return Outside([prompts[text] for text in sorted(prompts)], sorted(questions), interface)


def normalised(text: str) -> str:
    """Words only, lower case: how texts are compared across splits."""
    return " ".join(re.sub(r"\W+", " ", text.lower()).split())


def _texts(path: Path) -> Iterator[str]:
    for record in _records(path):
        yield from (record[key] for key in ("a", "b", "prompt") if key in record)


def _records(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path) as lines:
        yield from map(orjson.loads, lines)


_BLOCK = re.compile(r"^msgid (.*?)^msgstr \s*(.*)", re.S | re.M)
_MARKUP = re.compile(r"%\(?\w*\)?[sd]|\{\w*\}|<[^>]+>|\\n")


def _translations(wheel: Path) -> Iterator[tuple[str, str]]:
    """Interface texts and their English originals ("en"), 4 to 300 characters, markup removed."""
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            found = re.search(r"locale/(\w+)/LC_MESSAGES/django\.po$", name)
            if found is None or found[1] not in LATIN_LANGUAGES:
                continue
            for block in archive.read(name).decode().split("\n\n"):
                match = _BLOCK.search(block)
                if match is None:
                    continue
                english, foreign = _plain(match[1]), _plain(match[2])
                if (
                    4 <= len(foreign) <= 300
                    and foreign.lower() != english.lower()
                    and re.search(r"[^\W\d_]{3}", foreign)
                ):
                    yield found[1], foreign
                    yield "en", english


def _plain(quoted: str) -> str:
    joined = "".join(re.findall(r'"(.*)"', quoted)).replace('\\"', '"')
    return " ".join(_MARKUP.sub(" ", joined).split())
