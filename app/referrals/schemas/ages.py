"""Ages of people."""

from typing import Annotated

from pydantic import Field, StrictInt

Age = Annotated[StrictInt | None, Field(ge=0, le=120)]
