# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Which operation an endpoint takes in which state. [D SM EndpointStatus]"""

from __future__ import annotations

from ..errors import invalid
from .resources import Endpoint, Status

# [X] that OutOfService and UpdateRollbackFailed can be updated and deleted is inferred.
UPDATABLE = (Status.IN_SERVICE, Status.OUT_OF_SERVICE, Status.UPDATE_ROLLBACK_FAILED)
# [D SM] DeleteEndpoint is the only operation on a Failed endpoint.
DELETABLE = (*UPDATABLE, Status.FAILED)
SCALABLE = (Status.IN_SERVICE,)


def check_state(endpoint: Endpoint, allowed: tuple[Status, ...]) -> None:
    """[C] one wording for update, weights and delete; the one for Failed is a guess."""
    if endpoint.status in allowed:
        return
    if endpoint.status is Status.FAILED:
        raise invalid(f'Cannot update failed endpoint "{endpoint.arn}".')
    raise invalid(f'Cannot update in-progress endpoint "{endpoint.arn}".')
