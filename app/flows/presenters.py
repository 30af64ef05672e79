"""Shows a release: to its receiver with the receiver's own case, to the holder of the fact without it."""

from app.access.calls import Call
from app.flows import repository
from app.flows.catalogue import flows
from app.flows.models import FlowRelease
from app.flows.owing.forms import NOT_TO_BE_PUT
from app.flows.schemas import ReleaseOut
from app.flows.vocabulary import FlowSide


def release_out(call: Call, release: FlowRelease) -> ReleaseOut:
    """Returns the release as the caller reads it. Where the fact is on record is shown to nobody by it."""
    is_receiver = release.agency == call.caller.agency
    here = f"/v1/releases/{release.id}"
    waits = is_receiver and release.received_at is None and release.misdirected_at is None
    return ReleaseOut(
        id=release.id,
        flow=release.flow,
        what=flows()[release.flow].source,
        agency=release.agency,
        role=release.role,
        area=release.area,
        case_id=release.to_case_id if is_receiver else None,
        perpetrator_ref=_name_of_perpetrator(call, release) if is_receiver else None,
        form=release.form,
        content=release.content,
        danger=release.danger,
        due_on=release.due_on,
        due_at=release.due_at,
        released_at=release.released_at,
        received_at=release.received_at,
        received_by=release.received_by,
        misdirected_at=release.misdirected_at,
        misdirected_because=release.misdirected_because,
        handling=NOT_TO_BE_PUT if release.side is FlowSide.PERPETRATOR else "",
        links={"receive": f"{here}/receipts", "misdirected": f"{here}/misdirections"} if waits else {},
    )


def _name_of_perpetrator(call: Call, release: FlowRelease) -> str | None:
    if release.to_case_id is None:
        return None
    # The receiver's own case, found by the caller's own release; a supervising service need not read its row.
    with call.as_system() as session:
        return repository.perpetrator_of(session, release.to_case_id)
