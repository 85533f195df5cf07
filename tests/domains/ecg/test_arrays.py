from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desktop_ae.core.errors import NeedsFacts, Unreadable, Unsupported
from tests.domains.ecg.recordings import cleaned, heart, read_all

RATE = {"rate_hz": "360"}


def npy(path: Path, array: Any) -> Path:
    np.save(path, array)
    return path


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2", "<i2", ">i4", "<i8", "<u2", "|i1"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", ["n", "n,1", "n,3", "3,n", "1,n,3"])
def test_types_shapes_and_orders_are_read_and_kept(
    tmp_path: Path, dtype: str, order: str, shape: str
) -> None:
    leads = 3 if "3" in shape else 1
    scale = {"f": 1.0, "i": 1000.0, "u": 1000.0}[np.dtype(dtype).kind]
    scale = 60.0 if dtype == "|i1" else scale
    array = np.clip(heart(900, 360, leads) * scale, *((0, 60000) if "u" in dtype else (-99, 9999)))
    if np.dtype(dtype).kind != "f":
        array = np.rint(array)
    if dtype == "|i1":
        array = np.clip(array, -100, 100)
    array = array.astype(dtype)
    wanted = array.astype(np.float64)
    shaped = {"n": array[0], "n,1": array.T, "n,3": array.T, "3,n": array, "1,n,3": array.T[None]}
    source = npy(tmp_path / "a.npy", np.asarray(shaped[shape], order=order))  # type: ignore[call-overload]
    unit = {"f": "mV"}.get(np.dtype(dtype).kind, "uV")
    options = {**RATE, "unit": unit}
    reader, samples = read_all(source, options)
    assert samples.shape == (leads, 900)
    assert reader.facts.container == "NPY"
    factor = {"mV": 1.0, "uV": 1e-3}[unit]
    np.testing.assert_allclose(samples, wanted * factor, atol=1e-5)
    assert cleaned(source, options=options).read_bytes() == source.read_bytes()
    added = 0.01 if dtype == "|i1" else 0.25
    plus = np.load(cleaned(source, added, options))
    before = np.load(source)
    assert (plus.dtype, plus.shape) == (before.dtype, before.shape)
    assert plus.flags.f_contiguous == before.flags.f_contiguous
    np.testing.assert_allclose(
        plus.astype(float), before.astype(float) + added / factor, atol=2e-3, rtol=1e-3
    )


def test_a_unit_is_guessed_from_the_height(tmp_path: Path) -> None:
    for scale, unit in ((1.0, "mV"), (1000.0, "uV"), (0.001, "V")):
        source = npy(tmp_path / "a.npy", heart(2_000) * np.float32(scale))
        reader, samples = read_all(source, RATE)
        assert reader.facts.unit == unit
        assert "unit guessed" in reader.about
        np.testing.assert_allclose(samples, heart(2_000), atol=1e-5)


def test_it_asks_for_a_rate(tmp_path: Path) -> None:
    source = npy(tmp_path / "a.npy", heart(900))
    with pytest.raises(NeedsFacts, match="how many samples a second"):
        read_all(source)


def test_gaps_and_infinities_stay_as_they_are(tmp_path: Path) -> None:
    array = heart(900, 360, 2)
    array[0, 10:20] = np.nan
    array[1, 5] = np.inf
    source = npy(tmp_path / "a.npy", array)
    _, samples = read_all(source, RATE)
    assert np.isnan(samples).sum() == 11
    after = np.load(cleaned(source, 0.5, RATE))
    np.testing.assert_array_equal(np.isnan(after), np.isnan(array))
    assert np.isinf(after[1, 5])
    np.testing.assert_allclose(after, array + np.float32(0.5), atol=1e-6)


def test_leads_are_chosen_by_number_and_the_others_stay(tmp_path: Path) -> None:
    for array in (heart(900, 360, 3), heart(900, 360, 3).T):
        source = npy(tmp_path / "a.npy", array)
        options = {**RATE, "columns": "3,1"}
        reader, samples = read_all(source, options)
        assert reader.facts.leads == ("Lead 3", "Lead 1")
        np.testing.assert_allclose(samples, heart(900, 360, 3)[[2, 0]])
        after = np.load(cleaned(source, 0.5, options)) - array
        after = after if after.shape[0] == 3 else after.T
        np.testing.assert_allclose(after.mean(axis=1), [0.5, 0, 0.5], atol=1e-6)


def test_an_archive_says_its_rate_and_its_other_entries_stay(tmp_path: Path) -> None:
    source = tmp_path / "a.npz"
    array = heart(900, 500, 3).T.astype(np.float64)
    names = np.array(["II", "RESP", "V1"])
    notes = np.arange(5_000)
    np.savez_compressed(source, notes=notes, ecg=array, fs=500, sig_name=names, units="mV")
    reader, samples = read_all(source)
    facts = reader.facts
    assert (facts.rate_hz, facts.leads, facts.others) == (500, ("II", "V1"), ("RESP",))
    assert (facts.container, facts.notes) == ("NPZ", ())
    np.testing.assert_allclose(samples, array.T[[0, 2]], atol=1e-6)
    plus = cleaned(source, 0.5)
    with np.load(source) as before, np.load(plus) as after:
        assert before.files == after.files
        for name in ("notes", "fs", "sig_name", "units"):
            np.testing.assert_array_equal(before[name], after[name])
            assert before[name].dtype == after[name].dtype
        np.testing.assert_allclose(after["ecg"], array + [0.5, 0, 0.5], atol=1e-7)
    with zipfile.ZipFile(plus) as archive:
        assert archive.getinfo("ecg.npy").compress_type == zipfile.ZIP_DEFLATED


def test_an_archive_of_one_array_is_that_array(tmp_path: Path) -> None:
    source = tmp_path / "a.npz"
    np.savez(source, heart(900))
    _, samples = read_all(source, RATE)
    np.testing.assert_allclose(samples, heart(900))
    with np.load(cleaned(source, options=RATE)) as after:
        np.testing.assert_array_equal(after["arr_0"], heart(900))


@pytest.mark.parametrize(
    ("array", "error", "sentence"),
    [
        (np.array([{}, 1, None], object), Unsupported, "no samples"),
        (np.zeros(500, complex), Unsupported, "complex128 values"),
        (np.zeros(500, bool), Unsupported, "bool values"),
        (np.array(["a"] * 500), Unsupported, "no samples"),
        (np.zeros((5, 500, 3)), Unsupported, "3 dimensions"),
        (np.zeros((0, 3)), Unreadable, "no samples"),
        (np.zeros((500, 300)), Unsupported, "300 leads"),
    ],
)
def test_arrays_that_are_no_ecg_are_a_sentence(
    tmp_path: Path, array: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        read_all(npy(tmp_path / "a.npy", array), RATE)


def test_one_sample_and_nothing_valid(tmp_path: Path) -> None:
    assert read_all(npy(tmp_path / "a.npy", np.array([0.5])), RATE)[1].tolist() == [[0.5]]
    source = npy(tmp_path / "a.npy", np.full((2, 500), np.nan))
    assert np.isnan(read_all(source, RATE)[1]).all()
    assert cleaned(source, 1.0, RATE).read_bytes() == source.read_bytes()


def test_damaged_files_are_a_sentence(tmp_path: Path) -> None:
    source = npy(tmp_path / "a.npy", heart(900))
    whole = source.read_bytes()
    for content in (whole[:-4], whole[:40], b"\x93NUMPY\x09\x00" + whole[8:]):
        source.write_bytes(content)
        with pytest.raises(Unreadable):
            read_all(source, RATE)
    packed = tmp_path / "a.npz"
    np.savez_compressed(packed, ecg=np.random.default_rng(1).normal(size=5_000))
    whole = packed.read_bytes()
    middle = len(whole) // 2
    for content in (whole[:-100], whole[:middle] + bytes(99) + whole[middle + 99 :], whole[:50]):
        packed.write_bytes(content)
        with pytest.raises(Unreadable):
            read_all(packed, RATE)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "text")
    with pytest.raises(Unreadable, match="holds no array"):
        read_all(packed, RATE)
