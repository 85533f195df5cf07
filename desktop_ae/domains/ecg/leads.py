"""Which channels of a recording are ECG, by their labels and units."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Millivolts in one of each, by the unit's name in small letters.
_MILLIVOLTS = {"mv": 1.0, "uv": 1e-3, "µv": 1e-3, "μv": 1e-3, "nv": 1e-6, "v": 1e3}
_MILLIVOLTS |= {"millivolt": 1.0, "microvolt": 1e-3, "volt": 1e3, "nanovolt": 1e-6}
_MILLIVOLTS |= {"millivolts": 1.0, "microvolts": 1e-3, "volts": 1e3, "nanovolts": 1e-6}
_UNKNOWN_UNITS = {"", "nu", "adu", "au", "a.u.", "n/a", "na", "-", "?", "unit", "units", "1"}
_UNKNOWN_UNITS |= {"bits", "bit", "counts", "count", "lsb", "raw", "unknown", "none"}

_LEAD = re.compile(
    r"""(?:lead[\s_.:/-]*|ableitung[\s_.:/-]*|abl[\s_.:/-]+)?
    (?:i{1,3}|(?<=[a-z\s_.:/-])[123]|-?av[rlf]|v|v[1-9]|v10|v[3-9]r|ml(?:i{1,3}|[1-6])?|mv[1-6]
    |mcl[1-6]?|cm[1-6]|cc5|cs[125]2?|cb5|d[1-4]|[aes]-?[is]|v[xyz]|nasa
    )(?:[\s_/-]*(?:lead|raw|mod\w*))?""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER_ONLY = re.compile(r"\d+")
_ECG_WORD = re.compile(r"(?<![a-z])(ecg|ekg|electrocardio\w*|elektrokardio\w*)", re.IGNORECASE)
# Known to be something else, whatever the unit.
_OTHER = re.compile(
    r"""(?<![a-z])(resp\w*|pleth\w*|ppg|abp|art|bp|cvp|icp|pap|pawp?|eeg|emg|eog|eng|erg
    |sp[oa]2|sao2|o2|co2|etco2|osat|hr|heart\s?rate|pr|pulse|rr|ibi|bpm|acc\w*|accel\w*|gyro\w*|mag
    |temp\w*|marker\w*|mark|event\w*|trig\w*|status|annot\w*|label\w*|class\w*|beat\w*|rhythm
    |batt\w*|time\w*|timestamp|elapsed\w*|date\w*|index|idx|sample\w*|frame\w*|counter|packet\w*
    |flow|snor\w*|sound|audio|phono\w*|pcg|scg|bcg|gsr|eda|scr|imped\w*|position|pos|activity|light
    |chin|leg|thor\w*|chest\s(?:belt|effort)|abd\w*|effort|air\w*|nasal|therm\w*|strain|foot\w*
    |uterus|toco|digital|dc\d*|quality|qrs|peaks?|lead\s?off|loff\w*)(?![a-z])""",
    re.IGNORECASE | re.VERBOSE,
)
# The 10-20 system of EEG, with or without a reference.
_EEG = re.compile(
    r"(?:eeg[\s_-]*)?(?:fp[12z]|f[3478z]|f9|f10|c[34z]|p[34z]|o[12z]|t[3-8]|pz|oz|cz|m[12])"
    r"(?:[-:](?:[afcpot][p]?[0-9z]+|m[12]|a[12]|ref|le|avg|ar))?",
    re.IGNORECASE,
)
_UNIT_IN_LABEL = re.compile(
    r"[\s_]*[\[(/_\s]\s*(mV|uV|µV|μV|nV|V|[mM]illi[vV]olts?|[mM]icro[vV]olts?|[vV]olts?)\s*[\])]?\s*$"
)


def millivolts(unit: str) -> float | None:
    """How many millivolts one of `unit` is; None if it is no unit of voltage that we know."""
    return _MILLIVOLTS.get(unit.strip().strip("[]()").lower().replace("\udcb5", "µ"))


def is_unknown(unit: str) -> bool:
    """Whether a unit says nothing: not even that the channel is no voltage."""
    return unit.strip().lower() in _UNKNOWN_UNITS


def label_and_unit(label: str) -> tuple[str, str]:
    """A column's name and the unit in it: "ECG II (mV)" to ("ECG II", "mV")."""
    found = _UNIT_IN_LABEL.search(label)
    if found is None or found.start() == 0:
        return label.strip(), ""
    return label[: found.start()].strip(), found[1]


def ecg_channels(labels: Sequence[str], units: Sequence[str]) -> list[bool]:
    """Of each channel, whether it is ECG.

    A channel named as a lead is, one named as anything else is not. A name that says nothing
    counts as ECG if the unit is a voltage or unknown, but only where no channel is named a lead.
    """
    named = [is_named_ecg(label, unit) for label, unit in zip(labels, units, strict=True)]
    if any(named):
        return named
    return [
        not is_named_otherwise(label) and (millivolts(unit) is not None or is_unknown(unit))
        for label, unit in zip(labels, units, strict=True)
    ]


def is_named_ecg(label: str, unit: str) -> bool:
    name = label.strip().strip("'\"")
    if _ECG_WORD.search(name.replace("_", " ")):
        return not re.search(r"(?i)(hr|rate|qual\w*|resp\w*|status|events?|off)\b", name)
    if _NUMBER_ONLY.fullmatch(name) or (millivolts(unit) is None and not is_unknown(unit)):
        return False
    found = _LEAD.fullmatch(name)
    return bool(found) and not _EEG.fullmatch(name)


def is_named_otherwise(label: str) -> bool:
    name = label.strip().strip("'\"").replace("_", " ")
    return bool(_OTHER.search(name) or _EEG.fullmatch(name))
