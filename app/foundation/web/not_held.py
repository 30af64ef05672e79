"""Names that a form has and this service never holds, each with the reason and what to send in its place."""

NOT_HELD: dict[str, str] = {
    "date_of_birth": "an exact date of birth is never held: send birth_year, or age with age_as_of",
}
