from __future__ import annotations

import resource
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, Permissions

from desktop_ae.core.errors import FileError, NeedsPassword, NotWritable, TooLarge, Unreadable
from desktop_ae.domains.document import pdf as pdf_module
from desktop_ae.domains.document.pdf import PdfPages, open_pdf, view_pdf
from desktop_ae.domains.document.pdf_content import Content, read_content
from tests.domains.document.pdf_acts import clean, given, has_mark, marked, shown, text
from tests.domains.document.pdfs import (
    COLUMNS,
    FULL,
    ROWS,
    SECRET,
    XMP,
    add_page,
    bits,
    book,
    flate,
    grey,
    image,
    jpeg,
    layers,
    letters,
    scan,
    strips,
    vector,
    write,
)

RESIDENT = Path("/proc/self/statm")


def _resident_bytes() -> int:
    return int(RESIDENT.read_text().split()[1]) * resource.getpagesize()


class TestADocument:
    def test_keeps_all_that_is_no_image(self, tmp_path: Path) -> None:
        source = book(tmp_path / "a.pdf")
        target = clean(source)
        assert target.stat().st_size <= source.stat().st_size
        assert text(target) == text(source) == "hidden words"
        assert text(target, 1) == "A page that no scanner made"
        with pikepdf.open(target) as pdf, pikepdf.open(source) as old:
            assert pdf.pages[0].obj.Annots[0].A.URI == "https://example.org"
            with pdf.open_outline() as outline:
                assert [item.title for item in outline.root] == ["First", "Last"]
            assert dict(pdf.docinfo) == dict(old.docinfo)
            assert pdf.Root.Metadata.read_bytes() == XMP
            assert pdf.attachments["notes.txt"].get_file().read_bytes() == b"attached"
            assert pdf.Root.PageLabels == old.Root.PageLabels
            assert pdf.pages[2].obj.Rotate == 90
            for new_page, old_page in zip(pdf.pages, old.pages, strict=True):
                assert new_page.mediabox == old_page.mediabox
                assert new_page.cropbox == old_page.cropbox

    def test_shows_the_cleaned_pages_and_leaves_the_others(self, tmp_path: Path) -> None:
        source = book(tmp_path / "a.pdf")
        assert [page.index for page in given(source)] == [0, 2]
        target = clean(source, only={0})
        assert has_mark(shown(target))
        assert np.array_equal(shown(source, 1), shown(target, 1))
        assert np.array_equal(shown(source, 2), shown(target, 2))

    def test_can_lose_its_metadata_and_nothing_else(self, tmp_path: Path) -> None:
        target = clean(book(tmp_path / "a.pdf"), keep=False)
        with pikepdf.open(target) as pdf:
            assert "/Info" not in pdf.trailer and "/Metadata" not in pdf.Root
            assert len(pdf.attachments) == 1 and "/Outlines" in pdf.Root

    def test_without_scans_is_saved_as_it_is(self, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pdf", vector)
        assert given(source) == []
        assert text(clean(source)) == "A page that no scanner made"

    def test_says_what_it_is(self, tmp_path: Path) -> None:
        document = open_pdf(book(tmp_path / "a.pdf"))
        assert document.about == "3 pages · 85 × 113 mm · 144 dpi · grey · 2 to clean"
        assert document.megapixels == pytest.approx(2 * COLUMNS * ROWS / 1e6)
        document.close()

    def test_may_be_levelled_only_where_nothing_lies_over_the_scan(self, tmp_path: Path) -> None:
        pages = given(book(tmp_path / "a.pdf"))
        assert [page.level for page in pages] == [False, True]

    @pytest.mark.parametrize("make", [scan(), layers])
    def test_may_not_be_levelled_under_links_and_marks(self, make: Any, tmp_path: Path) -> None:
        def without_text(pdf: Pdf, *marks: Any) -> None:
            make(pdf)
            page = pdf.pages[-1].obj
            page.Contents = pdf.make_stream(page.Contents.read_bytes().replace(SECRET, b""))
            page.Annots = Array(marks)

        def marked_(pdf: Pdf) -> None:
            kind = Dictionary(Type=Name.Annot, Subtype=Name.Highlight, Rect=Array([9, 9, 90, 30]))
            without_text(pdf, pdf.make_indirect(kind))

        source = write(tmp_path / "a.pdf", without_text, marked_)
        assert [page.level for page in given(source)] == [True, False]

    def test_is_read_page_by_page(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        read: list[int] = []

        def note(page: Any) -> Content:
            read.append(page.index)
            return read_content(page)

        monkeypatch.setattr("desktop_ae.domains.document.pdf.read_content", note)
        source = write(tmp_path / "a.pdf", *[scan(), strips, vector] * 3)
        document = open_pdf(source)
        pages = document.pages()
        about_so = document.megapixels
        assert read == []
        assert next(pages).index == 0 and read == [0]
        assert len(list(pages)) == 5 and read == list(range(9))
        assert about_so == pytest.approx(document.megapixels, rel=0.01)
        assert document.megapixels == pytest.approx(6 * COLUMNS * ROWS / 1e6, rel=0.01)
        document.close()
        read.clear()
        view_pdf(source, 100, 4)
        assert read == [4]

    def test_leaves_out_what_it_shall_and_does_not_read_it(self, tmp_path: Path) -> None:
        document = open_pdf(write(tmp_path / "a.pdf", scan(), broken, scan()))
        assert [page.index for page in document.pages({0, 1})] == [2]
        assert document.passed_over == {}
        assert document.megapixels == pytest.approx(COLUMNS * ROWS / 1e6)
        document.close()
        document = open_pdf(write(tmp_path / "a.pdf", scan(), broken))
        assert list(document.pages({0})) == []  # that one could be cleaned
        document.close()

    def test_whose_pages_name_each_others_images_is_not_thought_larger(
        self, tmp_path: Path
    ) -> None:
        def make(pdf: Pdf) -> None:
            images = {f"I{i}": jpeg(pdf, grey()) for i in range(4)}
            for i in range(4):
                page = add_page(pdf, FULL.replace(b"Scan", b"I%d" % i), images)
                page.obj.Resources = pdf.pages[0].obj.Resources

        source = write(tmp_path / "a.pdf", make)
        document = open_pdf(source)
        assert document.megapixels == pytest.approx(4 * COLUMNS * ROWS / 1e6)
        document.close()
        target = clean(source, only={1, 2})
        assert [has_mark(shown(target, page)) for page in range(4)] == [False, True, True, False]
        assert target.stat().st_size < source.stat().st_size

    @pytest.mark.parametrize("password", ["", "secret"])
    def test_has_its_copy_where_there_is_room_and_unlocked_not_beside_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str
    ) -> None:
        asked: list[tuple[int, Path | None]] = []
        folders: list[Path] = []
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        real = tempfile.TemporaryFile

        def choose(room: int, near: Path | None) -> Path:
            asked.append((room, near))
            return elsewhere

        def note(dir: Path) -> Any:
            folders.append(dir)
            return real(dir=dir)

        monkeypatch.setattr(pdf_module, "scratch_folder", choose)
        monkeypatch.setattr(tempfile, "TemporaryFile", note)
        lock = Encryption(owner="", user=password) if password else False
        source = write(tmp_path / "a.pdf", scan(), encryption=lock)
        document = open_pdf(source, password)
        [page] = document.pages()
        assert not asked
        document.replace(0, page.pixels)
        document.close()
        size = source.stat().st_size
        assert asked == [(round(size * 2.5), None if password else tmp_path)]
        assert folders == [elsewhere] and list(elsewhere.iterdir()) == []

    def test_with_a_page_number_on_the_scan_keeps_it(self, tmp_path: Path) -> None:
        number = b" BT /F1 12 Tf 100 100 Td (Page 7) Tj ET"
        target = clean(write(tmp_path / "a.pdf", scan(FULL + number)))
        assert text(target) == "Page 7"
        assert shown(target)[400:460, 190:300].min() < 60

    @pytest.mark.parametrize(
        "content",
        [
            FULL + b" BT /F1 9 Tf 1 0 0 1 20 20 Tm %b ET" % (b"(forty words of a slide) Tj " * 12),
            b"q 60 0 0 80 0 0 cm /Scan Do Q",  # a small picture
            b"q 160 0 0 320 0 0 cm /Scan Do Q q 80 0 0 320 160 0 cm /Scan Do Q 0 0 9 9 re f",
        ],
    )
    def test_leaves_what_is_more_than_a_scan(self, content: bytes, tmp_path: Path) -> None:
        assert given(write(tmp_path / "a.pdf", scan(content))) == []

    @pytest.mark.skipif(not RESIDENT.exists(), reason="asks Linux how much memory it has")
    def test_of_sixty_pages_needs_memory_for_one(self, tmp_path: Path) -> None:
        noise = np.random.default_rng(1).integers(0, 256, (900, 1000), np.uint8)

        def noisy(pdf: Pdf) -> None:
            add_page(pdf, FULL, {"Scan": flate(pdf, noise, ColorSpace=Name.DeviceGray)})

        source = write(tmp_path / "a.pdf", *[noisy] * 60)
        assert source.stat().st_size > 50e6
        document = open_pdf(source)
        used = []
        for page in document.pages():
            document.replace(page.index, page.pixels)
            used.append(_resident_bytes())
        document.save(tmp_path / "b.pdf", True)
        used.append(_resident_bytes())
        document.close()
        assert (tmp_path / "b.pdf").stat().st_size > 30e6
        assert max(used) - used[5] < 8e6

    def test_whose_pages_are_replaced_twice_keeps_the_last(self, tmp_path: Path) -> None:
        document = open_pdf(write(tmp_path / "a.pdf", scan()))
        [page] = document.pages()
        document.replace(0, page.pixels)
        document.replace(0, marked(page))
        document.save(tmp_path / "b.pdf", True)
        document.close()
        assert has_mark(shown(tmp_path / "b.pdf"))

    def test_says_so_where_the_temporary_folder_is_full(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document = open_pdf(write(tmp_path / "a.pdf", scan()))
        [page] = document.pages()

        def full(dir: Path | None) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(tempfile, "TemporaryFile", full)
        with pytest.raises(NotWritable, match="temporary.*a.pdf: No space"):
            document.replace(0, page.pixels)
        document.close()


class TestAPagePassedOver:
    def test_has_a_reason(self, tmp_path: Path) -> None:
        slide = FULL + b" BT /F1 9 Tf 20 20 Td %b ET" % (b"(forty words of a slide) Tj " * 12)
        makers = [
            scan(), vector, scan(slide), scan(b"q 60 0 0 80 0 0 cm /Scan Do Q"), broken, lying,
            scan(b"/Nobody Do"), scan(FULL + b"0 0 m " * 1_000_000), keyed,
        ]  # fmt: skip
        document = open_pdf(write(tmp_path / "a.pdf", *makers))
        assert [page.index for page in document.pages()] == [0]
        document.close()
        assert document.passed_over == {
            1: "This page is text already.",
            2: "This page shows text or drawings beside its picture.",
            3: "This page shows no scan.",
            4: "This page's picture is damaged.",
            5: "This page is larger than 400 megapixels.",
            6: "This page's content is damaged.",
            7: "This page shows text or drawings beside its picture.",
            8: "This page's picture cannot be taken apart from its mask.",
        }

    def test_is_nothing_to_complain_of_in_a_text(self, tmp_path: Path) -> None:
        document = open_pdf(write(tmp_path / "a.pdf", vector, vector))
        assert list(document.pages()) == []
        assert set(document.passed_over) == {0, 1}
        document.close()

    def test_is_an_error_where_no_scan_can_be_decoded(self, tmp_path: Path) -> None:
        with pytest.raises(Unreadable, match="^a.pdf cannot be cleaned: its pages' pictures"):
            given(write(tmp_path / "a.pdf", broken, vector, broken))


def broken(pdf: Pdf) -> None:
    data = b"\xff\xd8\xff no jpeg"
    facts = {"Filter": Name.DCTDecode, "ColorSpace": Name.DeviceGray}
    add_page(pdf, FULL, {"Scan": image(pdf, data, grey(), **facts)})


def lying(pdf: Pdf) -> None:
    facts = {"ColorSpace": Name.DeviceGray, "Width": 90000, "Height": 120000}
    add_page(pdf, FULL, {"Scan": bits(pdf, letters(), **facts)})


def keyed(pdf: Pdf) -> None:
    add_page(pdf, FULL, {"Scan": jpeg(pdf, grey(), Mask=Array([0, 9]))})


class TestAProtectedFile:
    def lock(self, path: Path, **options: Any) -> Path:
        allow = Permissions(extract=False, print_highres=False)
        return book(path, encryption=Encryption(allow=allow, **options))

    @pytest.mark.parametrize("revision", [3, 4, 6])
    @pytest.mark.parametrize("password", ["user", "owner"])
    def test_is_protected_again(self, revision: Any, password: str, tmp_path: Path) -> None:
        old = {"aes": False, "metadata": False} if revision == 3 else {}
        source = self.lock(tmp_path / "a.pdf", user="user", owner="owner", R=revision, **old)
        target = clean(source, password=password)
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(target)
        with pikepdf.open(target, password=password) as pdf:
            assert pdf.encryption.R == 6 and pdf.encryption.bits == 256
            assert not pdf.allow.extract and not pdf.allow.print_highres
            assert pdf.owner_password_matched == (password == "owner")
        assert has_mark(shown(target, password=password))
        if revision < 6:
            pikepdf.open(target, password="user").close()

    def test_that_opens_for_all_still_does(self, tmp_path: Path) -> None:
        source = self.lock(tmp_path / "a.pdf", owner="owner")
        target = clean(source)
        with pikepdf.open(target) as pdf:
            assert pdf.is_encrypted and not pdf.allow.extract and not pdf.owner_password_matched
        again = clean(source, password="owner")
        with pikepdf.open(again) as pdf:
            assert pdf.is_encrypted and not pdf.owner_password_matched

    def test_asks_for_its_password(self, tmp_path: Path) -> None:
        source = self.lock(tmp_path / "a.pdf", user="ü-user", owner="owner")
        for act in (lambda p: open_pdf(source, p), lambda p: view_pdf(source, 9, 0, p)):
            with pytest.raises(NeedsPassword, match="^a.pdf is locked. Type its password"):
                act("")
            with pytest.raises(NeedsPassword, match="^That password does not open a.pdf.$"):
                act("wrong")
        assert len(given(source, "ü-user")) == 2

    def test_of_an_old_format_takes_a_password_with_umlauts(self, tmp_path: Path) -> None:
        source = tmp_path / "a.pdf"
        lock = "--allow-weak-crypto --encrypt --user-password= --owner-password=o --bits=128"
        words = lock.replace("password= ", "password=ü ").split()
        job = [book(tmp_path / "plain.pdf"), "--use-aes=y", "--", source]
        pikepdf.Job(["pikepdf", str(job[0]), *words, *map(str, job[1:])]).run()
        target = clean(source, password="ü")
        assert has_mark(shown(target, password="ü"))

    def test_says_that_it_is_protected(self, tmp_path: Path) -> None:
        document = open_pdf(self.lock(tmp_path / "a.pdf", owner="owner"))
        assert document.about.endswith("protected")
        document.close()


class TestWhatIsWrong:
    def refused(self, path: Path) -> str:
        """The sentence, the same for cleaning and for viewing."""
        with pytest.raises(FileError) as opening:
            open_pdf(path)
        with pytest.raises(FileError) as viewing:
            view_pdf(path, 100, 0)
        assert str(opening.value) == str(viewing.value)
        assert path.name in str(opening.value)
        return str(opening.value)

    @pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n"])
    def test_is_that_it_is_no_pdf(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(content)
        assert self.refused(path) == "a.pdf is not a PDF, whatever its name says."

    @pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9, 0.99])
    def test_is_that_it_ends_too_early(self, part: float, tmp_path: Path) -> None:
        path = book(tmp_path / "a.pdf")
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
        assert "ends too early" in self.refused(path)

    def test_is_that_it_has_no_pages(self, tmp_path: Path) -> None:
        assert self.refused(write(tmp_path / "a.pdf")) == "a.pdf has no pages."

    def test_is_that_it_is_gone(self, tmp_path: Path) -> None:
        assert self.refused(tmp_path / "a.pdf") == "a.pdf is no longer there."

    @pytest.mark.parametrize("seed", range(12))
    def test_never_shows_as_anything_but_a_sentence(self, seed: int, tmp_path: Path) -> None:
        source = book(tmp_path / "a.pdf")
        data = bytearray(source.read_bytes())
        random = np.random.default_rng(seed)
        for place in random.integers(0, len(data), 40):
            data[place] = random.integers(256)
        tail = data[-1500:] if seed % 2 else data[:1500]
        for place in random.integers(0, len(tail), 20):
            data[place if seed % 2 == 0 else len(data) - 1500 + place] = random.integers(256)
        source.write_bytes(data)
        try:
            clean(source)
            view_pdf(source, 100, 0)
        except FileError as error:
            assert "a.pdf" in str(error)

    def test_is_that_an_image_claims_to_be_enormous(self, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pdf", lying)
        with pytest.raises(TooLarge, match="Page 1 of a.pdf has 10800 megapixels; up to 400"):
            given(source)
        beside = write(tmp_path / "b.pdf", lying, scan())
        assert [page.index for page in given(beside)] == [1]

    @pytest.mark.parametrize(
        "keys",
        [
            {"Width": -5},
            {"Width": 0},
            {"Height": Name.Many},
            {"ColorSpace": Array([])},
            {"Mask": Array([0, 9])},
            {"BitsPerComponent": 77},
        ],
    )
    def test_with_an_image_leaves_its_page(self, keys: Any, tmp_path: Path) -> None:
        def make(pdf: Pdf) -> None:
            add_page(pdf, FULL, {"Scan": jpeg(pdf, grey(), **keys)})

        source = write(tmp_path / "a.pdf", make, scan())
        assert given(source)[-1].index == 1
        clean(source)

    def test_is_no_bomb_in_its_content(self, tmp_path: Path) -> None:
        bomb = FULL + b"0 0 m " * 2_000_000
        source = write(tmp_path / "a.pdf", scan(bomb), scan())
        assert source.stat().st_size < len(bomb) / 20
        assert [page.index for page in given(source)] == [1]

    @pytest.mark.parametrize("content", [b"/Nobody Do", b"q q q (", b"1 cm /Scan Do", b"[ << Tj"])
    def test_with_the_content_leaves_the_page(self, content: bytes, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pdf", scan(content), scan())
        assert [page.index for page in given(source)] == [1]
        clean(source)

    def test_with_one_page_box_leaves_the_page(self, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pdf", scan(size=(0.0, 0.0)), scan())
        assert 1 in [page.index for page in given(source)]
        clean(source)


def test_it_is_what_the_document_domain_asks_for(tmp_path: Path) -> None:
    from desktop_ae.domains.document.files import Pages

    document: Pages = open_pdf(write(tmp_path / "a.pdf", scan()))
    assert isinstance(document, PdfPages)
    document.close()
    document.close()
