"""`matchgraph doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

import os

from api.cli.declaring import command, json_option
from api.cli.output import emit, emit_json, plain
from api.cli.session import Session, pass_session


@command("doctor", examples=["doctor", "doctor --home /srv/matchgraph --json"])
@json_option()
@pass_session
def doctor(session: Session, as_json: bool) -> int:
    """Check the installation and the home, and say what to do. Exit code 1 if something must be repaired."""
    from api.doctor import diagnose

    diagnosis = diagnose(session.home, os.environ)
    if as_json:
        emit_json(diagnosis)
    else:
        from api.render.checks import checks_page
        from api.render.text import text_page

        emit(text_page(checks_page(plain(diagnosis))))
    return 0 if diagnosis.healthy else 1
