"""`matchgraph demo`: the main job on the bundled example data."""

from __future__ import annotations

import sys

from api.cli.declaring import command, json_option
from api.cli.output import emit, emit_json, plain, tell
from api.cli.session import Session, pass_session


@command("demo", examples=["demo", "demo --home /tmp/matchgraph-demo"])
@json_option()
@pass_session
def demo(session: Session, as_json: bool) -> None:
    """Import the bundled example data, recompute, and show what comes out.

    Shows where the data went, the top of the rank, alternatives to one artifact, two artifacts that cannot be
    compared, and two real rivals. The search log is simulated and labelled so. Data of your own is never mixed in.
    """
    from api.demo import home_for_demo, run_demo

    home, message = home_for_demo(session.home, session.home_was_named)
    if message is not None:
        tell(message)
    answers = run_demo(home, sys.stderr)
    if as_json:
        emit_json(answers)
        return
    from api.render.demo import demo_page
    from api.render.text import text_page

    emit(text_page(demo_page(plain(answers))))
