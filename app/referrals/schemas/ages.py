"""Ages of people. An age moves, so it is stated with its day, or as the year of birth; no exact date is held."""

from typing import Annotated

from pydantic import Field, StrictInt, model_validator

from app.foundation.web.schema import CivilDate, Strict

Age = Annotated[StrictInt | None, Field(ge=0, le=120)]
BirthYear = Annotated[StrictInt | None, Field(ge=1900, le=2200)]


class Aged(Strict):
    """How old a person is: `birth_year`, or `age` with `age_as_of`. An exact date of birth is not held.

    `age` alone counts as of the day of the report. The age that follows for a later day is one of two for most of a
    year; a limit of age between the two is open, and the protection of the younger age applies.
    """

    age: Age = Field(default=None, description="Completed years on `age_as_of`, or on the day of the report")
    age_as_of: CivilDate | None = None
    birth_year: BirthYear = None

    @model_validator(mode="after")
    def _one_way(self) -> "Aged":
        if self.age is not None and self.birth_year is not None:
            raise ValueError("send `birth_year`, or `age` with `age_as_of`, and not both")
        if self.age_as_of is not None and self.age is None:
            raise ValueError("`age_as_of` needs `age`")
        return self
