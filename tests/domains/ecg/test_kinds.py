from __future__ import annotations

import pytest

from desktop_ae.domains.ecg.kinds import SHARED_SUFFIXES, SUFFIXES, sniff
from desktop_ae.domains.ecg.leads import ecg_channels, label_and_unit, millivolts


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", None),
        (b"plain words, no file of ours", None),
        (b"Dear Ms Smith,\n\nhere are 2 of the 3 files.\n", None),
        (b"0       X X X X", "EDF"),
        (b"\xffBIOSEMI", "BDF"),
        (b"\x93NUMPY\x01\x00", "NPY"),
        (b"PK\x03\x04", "NPZ"),
        (bytes(128) + b"DICM", "DICOM"),
        (b"100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n", "WFDB"),
        (b"# made by\r\nrec 1\r\nrec.dat 16\r\n", "WFDB"),
        (b"m/2 1 360 700\nm_1 300\nm_2 400\n", "WFDB"),
        (b"time,II\n0.000,1.5\n", "CSV"),
        (b"0,5;1,5\n", "CSV"),
        (b"-0.5\n0.25\n", "CSV"),
        (b"\xef\xbb\xbfI\tII\n1\t2\n", "CSV"),
        ("I;II\n1;2\n".encode("utf-16"), "CSV"),
        (b"# only\n# comments so far\n", "CSV"),
        (b"II\n" + b"0.125\n" * 1000, "CSV"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), None),
        (b"1,2\0,3\n", None),
    ],
)
def test_a_head_says_what_it_is(head: bytes, kind: str | None) -> None:
    assert sniff(head[:4096]) == kind


def test_headers_and_edf_files_are_nobody_elses() -> None:
    assert {".hea", ".edf", ".bdf"} == SUFFIXES - SHARED_SUFFIXES


@pytest.mark.parametrize(
    "label",
    ["I", "II", "iii", "aVR", "AVL", "avf", "V1", "V6", "v9", "MLII", "ML2 ECG", "ECG", "EKG"]
    + ["ECG I", "ECG1-ECG2", "ekg lead 2", "Lead II", "lead_v3", "CM5", "EKG1", "MCL1", "ECG II"]
    + ["Ableitung I", "ECG-LA", "ECG_raw", "V4R", "MV2", "D2", "ECG L-R"],
)
def test_leads_are_known_by_their_names(label: str) -> None:
    assert ecg_channels([label, "x"], ["mV", "mV"]) == [True, False]


@pytest.mark.parametrize(
    "label",
    ["RESP", "Resp chest", "PLETH", "ABP", "ART", "CVP", "EEG Fp1", "EEG C3-A2", "Fp1", "O2-M1"]
    + ["EMG Chin", "EOG L", "SpO2", "SaO2", "ACC X", "acc_y", "TEMP", "MARKER", "Marker", "EVENT"]
    + ["Status", "HR", "heart rate", "time", "label", "BATT", "Trigger", "Snore", "Airflow"]
    + ["Thor. effort", "index", "sample", "ECG_HR", "ECG quality", "nasal", "PPG", "lead off"],
)
def test_other_channels_are_known_by_theirs(label: str) -> None:
    assert ecg_channels([label], ["mV"]) == [False]


def test_unknown_names_count_only_where_no_name_is_known() -> None:
    assert ecg_channels(["ch1", "signal"], ["mV", ""]) == [True, True]
    assert ecg_channels(["a", "II"], ["mV", "mV"]) == [False, True]
    assert ecg_channels(["a", "b", "RESP"], ["uV", "mmHg", "mV"]) == [True, False, False]
    assert ecg_channels(["1", "2"], ["", ""]) == [True, True]
    assert ecg_channels(["V", "II"], ["bpm", "bpm"]) == [False, False]
    assert ecg_channels(["ECG"], ["NU"]) == [True]
    assert ecg_channels([], []) == []


def test_units() -> None:
    assert [millivolts(u) for u in ("mV", "uV", "µV", "μV", "V", "[mV]", "kg", "")] == [
        *(1.0, 1e-3, 1e-3, 1e-3, 1e3, 1.0, None, None)
    ]
    assert label_and_unit("ECG II (mV)") == ("ECG II", "mV")
    assert label_and_unit("V1 [µV]") == ("V1", "µV")
    assert label_and_unit("I/uV") == ("I", "uV")
    assert label_and_unit("ecg_mV") == ("ecg", "mV")
    assert label_and_unit("V") == ("V", "")
    assert label_and_unit("aVL") == ("aVL", "")
