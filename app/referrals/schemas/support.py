"""Support needs of a person, which say whom to invite."""

from typing import Annotated

from pydantic import Field

from app.routing.policy.vocabulary import SupportNeed

SupportNeeds = Annotated[
    list[SupportNeed] | None, Field(max_length=6, description="Whom to invite; flags only, never a diagnosis")
]
