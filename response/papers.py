"""What the plan says of a paper that is owed. Pure."""

from plans.documents import PlanDocument
from response.models import Paper


def is_handed_over(paper: Paper, document: PlanDocument) -> bool:
    """Whether it says who took it, or took over what it hands over: it goes to somebody who has no desk here.

    Source: the paper's `to` as words alone (a fire's site goes to whoever the rules name, 5.5.2); ours how it is told.
    """
    to = document.aftercare.papers[paper.item].to
    return to is not None and to.kind == "free"
