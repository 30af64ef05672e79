"""Says whose word an age is: one that leaves the person out of what is owed to an adult is checked first.

It is the word of the hub, of a service that supervises, of whoever opened the case, of whoever was asked, or of a named
person. The age that another agency's program states is kept, and the hub is asked for it (law L7). [I]
"""

from collections.abc import Sequence

from app.referrals.statements.births import AGE
from app.referrals.statements.standing import Stated, standing
from app.referrals.statements.statement import AgencyStatement, StatementKind


def ages_in_doubt(statements: Sequence[AgencyStatement]) -> frozenset[str]:
    """Returns the people, `victim` and `perpetrator`, whose age nobody states whose word it is."""
    ages = {path[0]: stated for path, stated in standing(statements).items() if path[1:] == (AGE,)}
    return frozenset(
        who for who, stated in ages.items() if stated and not any(_is_heard(one, statements) for one in stated.values())
    )


def _is_heard(one: Stated, statements: Sequence[AgencyStatement]) -> bool:
    statement = statements[one.number]
    opened_the_case = one.agency == statements[0].agency
    return one.may_say or opened_the_case or statement.by_person or statement.kind is StatementKind.ANSWER
