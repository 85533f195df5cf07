"""A switch that is a setting."""

from __future__ import annotations

from desktop_ae.ui.settings import Settings
from desktop_ae.ui.switch import Switch


def follow_setting(switch: Switch, settings: Settings, name: str) -> None:
    """Keep a switch and a setting the same, whichever is changed."""

    def on_changed(changed: str) -> None:
        if changed == name:
            switch.setChecked(settings.flag(name))

    switch.setChecked(settings.flag(name))
    switch.toggled.connect(lambda on: settings.put(name, on))
    settings.changed.connect(on_changed)
