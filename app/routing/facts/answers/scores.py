"""Says in words what a form's answers come to: on the list that was used, and on the other one."""

from collections.abc import Iterator

from app.routing.facts.answers.questions import SDASH
from app.routing.facts.answers.reading import of_form, questions_of, scores_of, ticks_of, unanswered_of
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.policy.vocabulary import AssessmentTool


def form_scores(form: Assessment) -> Iterator[str]:
    """Yields the score on both lists, and that of the S-DASH. 14 of 24 and 14 of 27 are two tests."""
    answers, sdash = dict(form.answers), dict(form.sdash)
    if answers and form.tool in {AssessmentTool.DASH24, AssessmentTool.DASH27}:
        yes, asked = ticks_of(of_form(form.tool, answers)), len(questions_of(form.tool))
        left = unanswered_of(form.tool, answers)
        open_ones = f", {left} not answered" if left else ""
        of_24, of_27 = scores_of(answers)
        other = f"at least {of_24} of 24" if form.tool is AssessmentTool.DASH27 else f"at least {of_27} of 27"
        yield f"{yes} of {asked} questions of {form.tool} answered yes{open_ones} ({other} on the other list)"
    if sdash:
        yield f"{ticks_of(sdash)} of {len(SDASH)} questions on stalking answered yes"
