"""The standing words of docs/year.md."""

HEAD = """\
# A force's year, simulated

Made by `make year` from the rows that the play left; do not edit. The service is the real one, on PostgreSQL, and every
agency's system calls it over HTTP. The people are simulated: how they behave stands at the end, is assumed [I], and is
tuned to nothing. **Synthetic: no figure here is of any real force.**

- Scale: **{scale:g}** of a force of {marac_cases:,} MARAC cases and {referrals:,} referrals a year.
- Played: {played}
- In that time {sent:,} referrals came in and MARAC heard {heard} cases.
- Counted: {first_day} to {last_day}, {working_days} working days{warm_up}.
"""
WHOLE = "the whole year of {weeks} weeks."
PART = """\
**{weeks_played} of {weeks} weeks**, from {first_day} to {last_day}. The rest was not played: those
  took {minutes} minutes, and what grows over the year had not grown to its end."""
WARM_UP = ", after a warm-up of {warm_up_weeks} weeks"
TARGETS = """\
## Targets

Those of the design note on proportion, section 5 [I], as measured.
"""
POSTS = """
## What each post is told

Median / 90th / 95th percentile / most. A day without a message counts as 0, for digests a working day. An item is a
thing that is late or due; a line is an item of the post's own or, above its owner, a case.
"""
POST_CHARTS = """
![Messages a day](year/messages.svg)

![Lines of a digest](year/lines.svg)

![Danger calls a day](year/danger.svg)

Danger calls are about: {called_about}.

The co-ordinator's lines are: {read}.

What each agency's system is told on a day, events of every type:
"""
OVER_TIME = """
## Week by week

![The co-ordinator's digest by week](year/weeks-lines.svg)

![Danger calls by week](year/weeks-danger.svg)
"""
ANSWERS = """\
## How long answers take
"""
AFTER_ANSWERS = """
![Hours until a forum accepts](year/acceptance.svg)

Of {reports} reports, {reviewed} were reviewed by a second person, after {working_days} working days; {waiting} wait.

**Late: {share:.0f} %.** Of {actions} actions whose first date passed, {late} were by then neither reported, nor ended
by what is on record, nor given a new date. {born}
"""
BORN = "Of these {number} were late at the instant at which they were set: {duties}."
REFUSED = """\
## What the service refused
"""
ASSUMED = """
## What is assumed [I]

All of it is in `bench/year/behaviour.toml`.

- Whoever is asked for something answers {on_time:.0%} on time, {late_1_to_5:.0%} one to five working days late,
  {late_6_to_20:.0%} six to twenty, and {never:.0%} never: drawn for each thing, and anew for each new date.
- {declines:.0%} of proposals and of actions are declined. The chair gives a declined action to the same owner again.
- Grades come as HIGH 12 %, MEDIUM 35 %, STANDARD 53 % [B]. The rest of a referral is that of `make portfolio`.
- What is looked up finds nothing new.
- Systems take every notice within the hour. People answer in office hours where their date lets them.
- MARAC meets each Thursday and hears its whole list. Its chair gives what is late two more weeks. Nobody is discharged.
- The worker comes round each hour from 8 to 20, and after each referral. At night nothing comes in.
"""
