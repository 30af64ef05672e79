"""Writes docs/year.md and its charts from the figures of a play. Pure: figures in, Markdown and SVG out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.routing.policy.labels import forum_name, role_name
from app.vocabulary import HELD_BY_MANY, Forum, Role
from bench.year import words
from bench.year.charts import Chart, bars, lines

Figures = Mapping[str, Any]
SHARES = ("median", "p90", "p95", "most")
MOST_POSTS = 12
NOTHING = {"median": 0.0, "p90": 0.0, "p95": 0.0, "most": 0.0, "of": 0}
NOBODY: Figures = {"post": "MARAC_COORDINATOR", "lines": NOTHING, "digests": NOTHING, "danger": NOTHING}
ENDED = ("ACCEPTED", "DECLINED", "EXPIRED", "WITHDRAWN")


def page(play: Figures, figures: Figures) -> str:
    """The whole page."""
    parts = (
        _head(play, figures),
        _targets(figures, play["scale"]),
        _posts(figures),
        [words.OVER_TIME],
        _answers(figures),
        _refused(play),
        [words.ASSUMED.format(**play, **play["promptness"])],
    )
    return "\n".join(line for part in parts for line in part).rstrip("\n") + "\n"


def charts(figures: Figures) -> dict[str, str]:
    """Every chart that the page shows, by the name of its file."""
    told = figures["posts"][:MOST_POSTS]
    weeks = figures["weeks"]
    along = [week["from"][5:] for week in weeks]
    called = sorted(figures["posts"], key=lambda one: -one["danger"]["of"] * one["danger"]["median"])[:4]
    roles = [one["post"] for one in called if one["danger"]["most"]]
    calls = {
        role_name(Role(role)): [week["danger_a_day"].get(role, 0) for week in weeks] for role in dict.fromkeys(roles)
    }
    own = {share: [week["lines"][share] for week in weeks] for share in ("median", "p90")}
    waits = [
        (forum_name(Forum(one["forum"])), _of(one["hours"])) for one in figures["acceptance"] if one["hours"]["of"]
    ]
    return {
        "messages.svg": bars(
            Chart("Messages a day", "digests and danger calls to one post", {}),
            [(_label(one), _of(one["messages"])) for one in told],
        ),
        "lines.svg": bars(
            Chart("Lines of a digest", "what one post reads in a morning", {"25": 25, "60": 60}),
            [(_label(one), _of(one["lines"])) for one in told if one["lines"]["of"]],
        ),
        "danger.svg": bars(
            Chart("Danger calls a day", "to one post", {"2": 2}),
            [(_label(one), _of(one["danger"])) for one in told if one["danger"]["most"]],
        ),
        "weeks-lines.svg": lines(
            Chart("The co-ordinator's digest by week", "lines", {"median 25": 25, "p90 60": 60}), along, own
        ),
        "weeks-danger.svg": lines(Chart("Danger calls by week", "a day to one post", {"2": 2}), along, calls),
        "acceptance.svg": bars(Chart("Hours until a forum accepts", "by forum", {}), waits),
    }


def _label(one: Figures) -> str:
    """The post in words; where several agencies have one, with its agency."""
    post = Role(one["post"])
    return f"{role_name(post)}, {one['agency'].partition('-')[2]}" if post in HELD_BY_MANY else role_name(post)


def targets(figures: Figures, scale: float) -> list[tuple[str, str, bool]]:
    """Each target of the design note on proportion, section 5: what it asks, what was measured, whether it is met.

    The targets are a whole force's. What grows with the cases is held to them as many times as it is at this `scale`.
    """
    own = next((one for one in figures["posts"] if one["post"] == Role.MARAC_COORDINATOR), NOBODY)
    called = max(figures["posts"], key=lambda one: one["danger"]["median"], default=NOBODY)
    most = max((one["digests"]["most"] for one in figures["posts"]), default=0)
    read, a_day, calls, silent = own["lines"], own["digests"]["most"], called["danger"]["median"], figures["silence"]
    late = f"{silent['over_five']} of {silent['late']}; the longest {silent['longest']}"
    return [
        ("The co-ordinator has one digest a working day", f"at most {a_day:g}", a_day <= 1),
        _of_whole_force("The co-ordinator's digest has 25 lines at the median", read["median"], 25, scale),
        _of_whole_force("and 60 at the 90th percentile", read["p90"], 60, scale),
        _of_whole_force(
            f"No post has more than 2 danger calls a day at the median ({role_name(Role(called['post']))})",
            calls,
            2,
            scale,
        ),
        ("No post has more than one digest a day", f"at most {most:g}", most <= 1),
        ("Nothing late is silent for more than five working days", late, silent["over_five"] == 0),
    ]


def _of_whole_force(asks: str, measured: float, most: float, scale: float) -> tuple[str, str, bool]:
    whole = measured / scale
    return asks, f"{measured:g}" + ("" if scale == 1 else f", so up to {whole:g} in a whole force"), whole <= most


def _head(play: Figures, figures: Figures) -> Iterator[str]:
    whole = play["weeks_played"] >= play["weeks"]
    told = play | figures["measured"] | {"played": (words.WHOLE if whole else words.PART).format(**play)}
    warm_up = words.WARM_UP.format(**play) if figures["measured"]["first_day"] > play["first_day"] else ""
    yield words.HEAD.format(**told, warm_up=warm_up)
    if "since" in play:
        yield f"{play['since']}\n"


def _targets(figures: Figures, scale: float) -> Iterator[str]:
    yield words.TARGETS
    found = [(asks, measured, "met" if met else "**not met**") for asks, measured, met in targets(figures, scale)]
    yield from _table(("Target", "Measured", "Met"), found)


def _posts(figures: Figures) -> Iterator[str]:
    yield words.POSTS
    head = (
        "Post",
        "Agency",
        "Messages a day",
        "Lines of a digest",
        "Items of a digest",
        "Danger calls a day",
        "In all",
    )
    yield from _table(head, [_post(one) for one in figures["posts"]])
    about = ", ".join(f"{one['duty']} {one['calls']}" for one in figures["called_about"]) or "nothing"
    yield words.POST_CHARTS.format(called_about=about, read=_shares(figures["read_by_coordinator"]))
    yield from _table(("Agency", "Events a day"), [(one["agency"], _spread(one["a_day"])) for one in figures["events"]])


def _shares(read: Sequence[Figures]) -> str:
    in_all = max(sum(one["lines"] for one in read), 1)
    return ", ".join(f"{one['what']} {one['lines'] / in_all:.0%}" for one in read) or "nothing"


def _post(one: Figures) -> tuple[str, ...]:
    spreads = (_spread(one[of]) for of in ("messages", "lines", "items", "danger"))
    return role_name(Role(one["post"])), one["agency"], *spreads, str(one["in_all"])


def _answers(figures: Figures) -> Iterator[str]:
    yield words.ANSWERS
    head = ("Forum", "Accepted", "Declined", "Expired", "Withdrawn", "Hours until accepted")
    yield from _table(head, [_forum(one) for one in figures["acceptance"]])
    reviewed, late = figures["review"], figures["late"]
    duties = ", ".join(f"{duty} {number}" for duty, number in late["born_late"].items())
    yield words.AFTER_ANSWERS.format(
        reports=reviewed["reports"],
        reviewed=reviewed["reports"] - reviewed["waiting"],
        waiting=reviewed["waiting"],
        working_days=_spread(reviewed["working_days"]),
        share=100 * late["late"] / max(late["actions"], 1),
        actions=late["actions"],
        late=late["late"],
        born=words.BORN.format(number=sum(late["born_late"].values()), duties=duties) if duties else "",
    )


def _forum(one: Figures) -> tuple[str, ...]:
    ends = (str(one["ended"].get(end, 0)) for end in ENDED)
    return forum_name(Forum(one["forum"])), *ends, _spread(one["hours"])


def _refused(play: Figures) -> Iterator[str]:
    yield words.REFUSED
    shown = [(one["what"], str(one["status"]), one["code"], str(one["times"]), one["says"]) for one in play["refused"]]
    yield from _table(("Call", "Status", "Code", "Times", "The first of them"), shown)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    yield from ("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)


def _of(numbers: Mapping[str, float]) -> dict[str, float]:
    return {share: numbers[share] for share in SHARES[:3]}


def _spread(numbers: Mapping[str, float]) -> str:
    return " / ".join(f"{numbers[share]:g}" for share in SHARES) if numbers["of"] else "-"
