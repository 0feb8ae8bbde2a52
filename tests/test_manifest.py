"""What the app asks of a workspace when it is installed is what it uses."""

from pathlib import Path

import yaml

import handlers

MANIFEST = yaml.safe_load((Path(__file__).parent.parent / "manifest.yml").read_text())


def test_every_slash_command_is_registered_and_no_other():
    listed = {command["command"] for command in MANIFEST["features"]["slash_commands"]}
    aliases = {command.alias for feature in handlers.FEATURES for command in feature.commands if command.alias}
    assert listed == {"/pm", *aliases}


def test_people_in_commands_arrive_as_ids():
    assert all(command["should_escape"] for command in MANIFEST["features"]["slash_commands"])


def test_every_event_has_somebody_who_listens():
    listed = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    assert listed == {event for feature in handlers.FEATURES for event in feature.events}


def test_the_manifest_keeps_to_slacks_lengths():
    about = MANIFEST["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    for command in MANIFEST["features"]["slash_commands"]:
        assert 2 <= len(command["command"]) <= 32
        assert 1 <= len(command["description"]) <= 2000
        assert 1 <= len(command["usage_hint"]) <= 1000
