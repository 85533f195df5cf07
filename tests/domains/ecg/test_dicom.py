from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    TwelveLeadECGWaveformStorage,
    generate_uid,
)

from desktop_ae.core.errors import Unreadable, Unsupported
from tests.domains.ecg.recordings import Codes, cleaned, codes, read_all
from tests.made import MADE_BY


def channel(name: str, sensitivity: float = 2.5, unit: str = "uV", baseline: float = 0) -> Dataset:
    source, units, found = Dataset(), Dataset(), Dataset()
    source.CodeValue, source.CodingSchemeDesignator, source.CodeMeaning = "2:1", "MDC", name
    units.CodeValue, units.CodingSchemeDesignator, units.CodeMeaning = unit, "UCUM", unit
    found.ChannelSourceSequence = Sequence([source])
    found.ChannelSensitivity = sensitivity
    found.ChannelSensitivityUnitsSequence = Sequence([units])
    found.ChannelSensitivityCorrectionFactor = 1
    found.ChannelBaseline = baseline
    found.WaveformBitsStored = 16
    return found


def group(found: Codes, channels: list[Dataset], rate_hz: float = 500, label: str = "R") -> Dataset:
    made = Dataset()
    made.MultiplexGroupLabel = label
    made.WaveformOriginality = "ORIGINAL"
    made.NumberOfWaveformChannels, made.NumberOfWaveformSamples = found.shape
    made.SamplingFrequency = rate_hz
    made.ChannelDefinitionSequence = Sequence(channels)
    made.WaveformBitsAllocated = 16
    made.WaveformSampleInterpretation = "SS"
    made.WaveformPaddingValue = b"\x00\x80"
    made["WaveformPaddingValue"].VR = "OW"
    made.WaveformData = found.T.astype("<i2").tobytes()
    made["WaveformData"].VR = "OW"
    return made


def dicom(path: Path, groups: list[Dataset], syntax: Any = ExplicitVRLittleEndian) -> Path:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = TwelveLeadECGWaveformStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = syntax
    made = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
    made.SOPClassUID = TwelveLeadECGWaveformStorage
    made.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    made.PatientName, made.PatientID, made.Modality = "Doe^Jane", "17", "ECG"
    made.WaveformSequence = Sequence(groups)
    made.add_new(0x00091010, "LO", "of the maker")
    made.save_as(path, enforce_file_format=True)
    return path


def leads() -> list[Dataset]:
    return [channel("Lead I (Einthoven)"), channel("Lead V1", 0.005, "mV", 0.5)]


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_samples_are_read_and_all_else_is_kept(tmp_path: Path, syntax: Any) -> None:
    found = codes(2, 900)
    found[0, 10] = -32768
    source = dicom(tmp_path / "a.dcm", [group(found, leads())], syntax)
    reader, samples = read_all(source)
    facts = reader.facts
    assert (facts.rate_hz, facts.leads, facts.container) == (500, ("I", "V1"), "DICOM")
    assert np.flatnonzero(np.isnan(samples[0])).tolist() == [10]
    np.testing.assert_allclose(samples[0, 11:], found[0, 11:] * 0.0025, atol=1e-6)
    np.testing.assert_allclose(samples[1], found[1] * 0.005 + 0.5, atol=1e-6)
    before, after = pydicom.dcmread(source), pydicom.dcmread(cleaned(source, 0.25))
    assert after.file_meta.TransferSyntaxUID == syntax
    assert after.SOPInstanceUID == after.file_meta.MediaStorageSOPInstanceUID
    assert after.SOPInstanceUID != before.SOPInstanceUID
    raw = np.frombuffer(after.WaveformSequence[0].WaveformData, "<i2").reshape(-1, 2).T
    wanted = found + np.array([[100], [50]])
    wanted[0, 10] = -32768
    np.testing.assert_array_equal(raw, wanted)
    after.WaveformSequence[0].WaveformData = before.WaveformSequence[0].WaveformData
    after.SOPInstanceUID = before.SOPInstanceUID
    assert after == before


def test_other_channels_mean_beats_and_groups_of_other_rates_stay(tmp_path: Path) -> None:
    found = codes(3, 500)
    mixed = [*leads(), channel("Respiration")]
    mean = group(codes(2, 300, seed=2), leads(), label="MEDIAN BEAT")
    slow = group(codes(1, 400, seed=3), [channel("Lead II")], 250)
    source = dicom(tmp_path / "a.dcm", [group(found, mixed), mean, slow])
    reader, _ = read_all(source)
    assert [s.facts.leads for s in reader.sources] == [("I", "V1"), ("II",)]
    assert reader.facts.others == ("Respiration",)
    after = pydicom.dcmread(cleaned(source, {0: 0.25})).WaveformSequence
    raw = np.frombuffer(after[0].WaveformData, "<i2").reshape(-1, 3).T
    np.testing.assert_array_equal(raw[2], found[2])
    assert (raw[:2] != found[:2]).all()
    assert after[1].WaveformData == mean.WaveformData
    assert after[2].WaveformData == slow.WaveformData


def test_without_metadata_nobody_is_named(tmp_path: Path) -> None:
    source = dicom(tmp_path / "a.dcm", [group(codes(2, 300), leads())])
    bare = pydicom.dcmread(cleaned(source, 0.1, keep_metadata=False))
    assert (str(bare.PatientName), str(bare.PatientID)) == ("", "")
    assert str(pydicom.dcmread(cleaned(source, 0.1)).PatientName) == "Doe^Jane"


def test_other_dicom_files_and_damage_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="without an ECG"):
        read_all(dicom(tmp_path / "a.dcm", []))
    eight = group(codes(2, 300), leads())
    eight.WaveformBitsAllocated, eight.WaveformSampleInterpretation = 8, "UB"
    with pytest.raises(Unsupported, match="16-bit integers are taken"):
        read_all(dicom(tmp_path / "a.dcm", [eight]))
    short = group(codes(2, 300), leads())
    short.WaveformData = short.WaveformData[:-4]
    with pytest.raises(Unreadable, match="damaged"):
        read_all(dicom(tmp_path / "a.dcm", [short]))
    source = dicom(tmp_path / "a.dcm", [group(codes(2, 300), leads())])
    whole = source.read_bytes()
    for size in (140, 300, 600, len(whole) - 50):
        source.write_bytes(whole[:size])
        with pytest.raises((Unreadable, Unsupported)):
            read_all(source)


def test_the_equipment_that_contributed_says_what_made_it(tmp_path: Path) -> None:
    source = dicom(tmp_path / "a.dcm", [group(codes(2, 300), leads())])
    plain = pydicom.dcmread(cleaned(source, 0.1))
    assert "ContributingEquipmentSequence" not in plain
    once = cleaned(source, 0.1, made_by=MADE_BY)
    recorded = pydicom.dcmread(once)
    (equipment,) = recorded.ContributingEquipmentSequence
    assert (equipment.Manufacturer, equipment.SoftwareVersions) == ("Desktop AE", "0.1.0")
    assert equipment.ContributionDescription == MADE_BY.text
    assert equipment.PurposeOfReferenceCodeSequence[0].CodeValue == "109102"
    del recorded.ContributingEquipmentSequence
    recorded.SOPInstanceUID = plain.SOPInstanceUID
    assert recorded == plain
    twice = pydicom.dcmread(cleaned(once, 0.1, made_by=MADE_BY))
    assert len(twice.ContributingEquipmentSequence) == 2
