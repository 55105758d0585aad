"""`matchgraph config`: the settings of servers and job, and where each comes from."""

from __future__ import annotations

import os

import click

from api.cli.declaring import group, json_option, subcommand
from api.cli.output import emit, emit_json
from api.cli.session import Session, pass_session


@group("config", examples=["config show --origin"])
def config() -> None:
    """Settings of servers and recompute: from flags, the environment, settings.toml in the home, or the defaults."""


@subcommand(config, "show", examples=["config show --origin"])
@click.option("--origin", is_flag=True, help="Say where each value comes from, and what it is for.")
@json_option()
@pass_session
def show(session: Session, origin: bool, as_json: bool) -> None:
    """Print the settings in force."""
    from api.settings import Settings, load_settings

    _, origins = load_settings(session.home.path, os.environ)
    if as_json:
        emit_json({name: found.model_dump() if origin else found.value for name, found in origins.items()})
        return
    for name, found in origins.items():
        value = ",".join(found.value) if isinstance(found.value, list) else found.value
        line = f"{name} = {'' if value is None else value}"
        if origin:
            line += f"  ({found.origin}; {Settings.model_fields[name].description})"
        emit(f"{line}\n")
