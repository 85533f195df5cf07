"""ECGs in DICOM files (PS3.3 A.34, C.10.9): read, and written again with other samples."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import DesktopAEError, FileError, Unreadable, Unsupported
from desktop_ae.core.provenance import PROGRAM, Provenance
from desktop_ae.core.saving import NewFile
from desktop_ae.domains.ecg.facts import Changes, Facts, Source, check_facts, usable
from desktop_ae.domains.ecg.leads import ecg_channels, millivolts

BLOCK_SAMPLES = 2**18
# What a file without its metadata does not say: who, where, when.
_PERSONAL = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientBirthTime", "OtherPatientIDs"),
    *("OtherPatientNames", "PatientAddress", "PatientTelephoneNumbers", "PatientMotherBirthName"),
    *("PatientComments", "AccessionNumber", "ReferringPhysicianName", "OperatorsName"),
    *("PerformingPhysicianName", "PhysiciansOfRecord", "NameOfPhysiciansReadingStudy"),
    *("InstitutionName", "InstitutionAddress", "StationName", "AdditionalPatientHistory"),
)


class DicomRecording:
    """See facts.Recording. The whole file is in memory: ten seconds, as a rule.

    Raises OSError, Unreadable or Unsupported.
    """

    def __init__(self, path: Path) -> None:
        import pydicom

        self.path = path
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._set = pydicom.dcmread(path)
                groups = list(self._set.get("WaveformSequence", None) or [])
                found = [self._track(group) for group in groups]
        except (OSError, FileError):
            raise
        except Exception as error:  # a damaged file makes its parser fail in many ways
            raise _damaged(path) from error
        if not groups:
            raise Unsupported(path, f"{path.name} is a DICOM file without an ECG in it.")
        tracks = [track for track in found if track is not None]
        good = [track for track in tracks if usable(track.facts.rate_hz)]
        empty = Facts(path, "DICOM", 1.0, 1, ())
        for facts in [t.facts for t in good or tracks] or [empty]:
            check_facts(facts)
        self.tracks: tuple[Source, ...] = tuple(good)

    def save(
        self,
        file: NewFile,
        changes: dict[int, Changes],
        keep_metadata: bool,
        made_by: Provenance | None = None,
    ) -> None:
        import copy

        from pydicom.uid import generate_uid

        before = []
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                changed = copy.copy(self._set)
                changed.file_meta = copy.deepcopy(self._set.file_meta)
                for number, found in changes.items():
                    track = self.tracks[number]
                    assert isinstance(track, DicomTrack)
                    before.append((track.group, track.group.WaveformData))
                    track.group.WaveformData = track.changed(found)
                # Another picture of the same heart: an object of its own, of the same study.
                changed.SOPInstanceUID = generate_uid(prefix=None)
                changed.file_meta.MediaStorageSOPInstanceUID = changed.SOPInstanceUID
                for name in () if keep_metadata else _PERSONAL:
                    if name in changed:
                        setattr(changed, name, "")
                if made_by:
                    _note(changed, made_by)
                with file.scratch.open("wb") as out:
                    changed.save_as(out, enforce_file_format=True)
        except (OSError, DesktopAEError):
            raise
        except Exception as error:  # what could be passed over when it was read
            raise _damaged(self.path) from error
        finally:
            for group, content in before:
                group.WaveformData = content

    def close(self) -> None:
        """Nothing is open."""

    def _track(self, group: Any) -> DicomTrack | None:
        """None for a group without an ECG, or with a mean beat drawn from the others."""
        if "MEDIAN" in str(group.get("MultiplexGroupLabel", "")).upper():
            return None
        channels = list(group.ChannelDefinitionSequence)
        labels = [_label(channel) for channel in channels]
        units = [_unit(channel) for channel in channels]
        columns = [i for i, ecg in enumerate(ecg_channels(labels, units)) if ecg]
        if not columns:
            return None
        kind = str(group.WaveformSampleInterpretation)
        if int(group.WaveformBitsAllocated) != 16 or kind not in {"SS", "US"}:
            sentence = f"{self.path.name} keeps its samples as {kind}; 16-bit integers are taken."
            raise Unsupported(self.path, sentence)
        order = "<" if self._set.original_encoding[1] else ">"
        return DicomTrack(self, group, columns, f"{order}{'i' if kind == 'SS' else 'u'}2")


class DicomTrack:
    """One group of channels that were recorded together."""

    def __init__(
        self, recording: DicomRecording, group: Any, columns: Sequence[int], dtype: str
    ) -> None:
        path = recording.path
        channels = list(group.ChannelDefinitionSequence)
        count, samples = len(channels), int(group.NumberOfWaveformSamples)
        content = group.WaveformData
        if int(group.NumberOfWaveformChannels) != count or len(content) < 2 * count * samples:
            raise _damaged(path)
        self.group = group
        self._columns = columns
        self._codes = np.frombuffer(content, dtype, count * samples).reshape(samples, count)
        self._rest = bytes(content[2 * count * samples :])
        chosen = [channels[i] for i in columns]
        known = [millivolts(_unit(channel)) for channel in chosen]
        factors = np.array([factor or 1.0 for factor in known])
        self._scale = np.array([_sensitivity(channel) for channel in chosen]) * factors
        baseline = [float(channel.get("ChannelBaseline", 0) or 0) for channel in chosen]
        self._offset = np.array(baseline) * factors
        self._invalid = _padding(group, dtype)
        labels = [_label(channel) for channel in channels]
        self.facts = Facts(
            path,
            "DICOM",
            float(group.SamplingFrequency),
            samples,
            tuple(labels[i] or f"Lead {i + 1}" for i in columns),
            _unit(chosen[0]) or "mV",
            tuple(label for i, label in enumerate(labels) if i not in columns),
            () if all(known) else ("uncalibrated",),
        )

    def read(self, start: int, stop: int) -> Samples:
        codes = self._codes[start:stop, self._columns]
        values: Samples = (codes * self._scale + self._offset).astype(np.float32).T
        if self._invalid is not None:
            values = np.where((codes == self._invalid).T, np.float32(np.nan), values)
        return values

    def changed(self, changes: Changes) -> bytes:
        codes: NDArray[Any] = self._codes.copy()
        limits = np.iinfo(codes.dtype)
        for start in range(0, len(codes), BLOCK_SAMPLES):
            stop = min(start + BLOCK_SAMPLES, len(codes))
            added = changes.read(start, stop).T.astype(np.float64)
            steps = np.rint(added / self._scale).astype(np.int64)
            part = codes[start:stop, self._columns].astype(np.int64)
            wanted = np.clip(part + steps, limits.min, limits.max)
            if self._invalid is not None:  # no valid sample becomes an invalid one
                toward = 1 if self._invalid <= 0 else -1
                wanted = np.where(wanted == self._invalid, wanted + toward, wanted)
            codes[start:stop, self._columns] = np.where(steps == 0, part, wanted)
        return codes.tobytes() + self._rest

    def close(self) -> None:
        """Nothing is open."""


def _note(changed: Any, made_by: Provenance) -> None:
    """One more among the equipment that contributed (PS3.3 C.12.1.1.5)."""
    from pydicom import Dataset

    purpose = Dataset()
    purpose.CodeValue, purpose.CodingSchemeDesignator = "109102", "DCM"
    purpose.CodeMeaning = "Processing Equipment"
    equipment = Dataset()
    equipment.PurposeOfReferenceCodeSequence = [purpose]
    equipment.Manufacturer = PROGRAM
    equipment.SoftwareVersions = made_by.version
    equipment.ContributionDescription = made_by.text
    before = changed.get("ContributingEquipmentSequence", None) or []
    changed.ContributingEquipmentSequence = [*before, equipment]


def _label(channel: Any) -> str:
    """As "I" or "V1": the lead's name in the standard's words is "Lead I (Einthoven)"."""
    own = str(channel.get("ChannelLabel", "") or "").strip()
    sources = channel.get("ChannelSourceSequence", None) or []
    meaning = str(sources[0].get("CodeMeaning", "") or "").strip() if len(sources) else ""
    words = meaning.split("(")[0].strip()
    name = words[4:].strip() if words.lower().startswith("lead ") else words
    return name or own


def _unit(channel: Any) -> str:
    units = channel.get("ChannelSensitivityUnitsSequence", None) or []
    return str(units[0].get("CodeValue", "") or "").strip() if len(units) else ""


def _sensitivity(channel: Any) -> float:
    """In the channel's unit, of one step; 1 where the file does not say it."""
    told = float(channel.get("ChannelSensitivity", 1) or 1)
    return told * float(channel.get("ChannelSensitivityCorrectionFactor", 1) or 1)


def _padding(group: Any, dtype: str) -> int | None:
    value = group.get("WaveformPaddingValue", None)
    if value is None:
        return None
    if isinstance(value, bytes):
        return int(np.frombuffer(value, dtype)[0]) if len(value) >= 2 else None
    return int(value)


def _damaged(path: Path) -> Unreadable:
    return Unreadable(path, f"{path.name} is damaged: its ECG cannot be read.")
