"""The families that reports speak of, and the finer words that frame files use for them."""

# family: finer words of frame files that count as it. A word that is no key and in no list is refused.
FAMILIES: dict[str, str] = {
    "number": "",
    "ordinal": "",
    "percentage": "",
    "money": "",
    "currency": "",
    "unit": "unit_target unit_word weight storage distance",
    "duration": "short_time minutes hours",
    "temperature": "",
    "dose": "",
    "age": "age_group",
    "date": "month year recent_year",
    "weekday": "",
    "time": "clock_time",
    "quarter": "",
    "version": "",
    "code": "id_code error_code",
    "place": "city country us_state river feature region transport",
    "person": "firstname lastname president writer painter composer scientist person_known",
    "organisation": "company team",
    "product": "software device package command",
    "drug": "drug_pair vaccine allergen procedure",
    "disease": "type_number",
    "occupation": "",
    "co_hyponym": (
        "animal metal fruit furniture garment fabric instrument hand_tool sport dish food "
        "ingredient plant tree bird vehicle building bodypart emotion discipline crime planet group "
        "material color stain appliance asset school_subject product_kind insect"
    ),
    "antonym_verb": "verb",
    "antonym_adj": "",
    "negation": "",
    "prefix": "",
    "direction": "",
    "role_swap": "",
    "comparison": "symmetric_distance",
    "superlative": "",
    "quantifier": "",
    "before_after": "",
    "tense": "",
    "condition": "",
    "answer_language": "language",
    "format": "format_kind document",
    "length": "",
    "tone": "",
    "audience": "listener level grade seniority",
    "grammar_person": "",
    "programming_language": "proglang",
    "command_flag": "",
    "success_failure": "success_path transfer_state",
    "working_time": "",
    "wh_word": "",
    "scope_word": "",
    "modality": "",
    "intent": "",
    "aspect": "ask topic purpose",
    "finance_kind": (
        "card_kind account_kind insurance_kind loan_kind rate_kind payment_method channel finance_term expense"
    ),
    "legal_kind": "document_kind contract_kind legal_doc tax_kind benefit_kind ground party right",
    "legal_status": "",
    "kind": ("room_kind leave_kind travel_class bag concept type mode aggregate group_by perk access package_kind"),
    "role": "side gender relation person_relation traveler",
    "frequency": "time_unit speed",
    "action": "legal_act activity event stance war",
    "setting": "scope_setting scope_place scope_files environment object",
}
HELD_OUT = frozenset({"quarter", "command_flag", "working_time", "superlative", "scope_word", "legal_status", "prefix"})
_FAMILY_OF = {word: family for family, words in FAMILIES.items() for word in (family, *words.split())}


def family_named(word: str) -> str:
    """The family of a frame file's word; KeyError for a word that has none."""
    return _FAMILY_OF[word]
