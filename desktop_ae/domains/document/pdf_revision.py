"""A PDF whose objects are replaced one by one, none of them held in memory.

qpdf, under pikepdf, keeps the streams that it is given until it saves. So the document is copied
into a temporary file in a plain form, new versions of objects are appended there, as PDF's own
incremental updates are, and at the end the file is opened again: qpdf then reads each stream from
it only when it writes it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Dictionary, StreamDecodeLevel

Number = tuple[int, int]  # of an object, with its generation


class Revision:
    """A copy of an open PDF, in a file without a name: it is gone when the program is.

    scratch: the folder. The copy of a locked PDF is not locked: what is
    appended would have to be encrypted as qpdf does it, which it offers for whole files only.
    """

    def __init__(self, pdf: pikepdf.Pdf, scratch: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - closed by `close`
        self._places: dict[Number, int] = {}
        try:
            save_as_is(pdf, self._file, object_stream_mode=pikepdf.ObjectStreamMode.disable)
            self.pdf = pikepdf.open(self._file)
            self._end = self._file.seek(0, 2)
            self._previous = self._last_table()
            self._next = int(self.pdf.trailer.Size)
        except BaseException:
            self._file.close()
            raise

    def new_number(self) -> Number:
        self._next += 1
        return self._next - 1, 0

    def put(self, number: Number, dictionary: Dictionary, data: bytes) -> None:
        """Append a stream; what it refers to is numbered as in `pdf`."""
        dictionary["/Length"] = len(data)
        start = self._file.seek(self._end)
        self._file.write(b"%d %d obj\n%s\nstream\n" % (*number, dictionary.unparse()))
        self._file.write(data)
        self._file.write(b"\nendstream\nendobj\n")
        self._places[number] = start
        self._end = self._file.tell()

    def finish(self) -> pikepdf.Pdf:
        """The document with all that was put, in `pdf`."""
        if self._places:
            self._write_table()
            self.pdf.close()
            self.pdf = pikepdf.open(self._file)
            self._places.clear()
        return self.pdf

    def close(self) -> None:
        self.pdf.close()
        self._file.close()

    def _write_table(self) -> None:
        trailer = Dictionary(dict(self.pdf.trailer.items()))
        trailer["/Size"], trailer["/Prev"] = self._next, self._previous
        start = self._file.seek(self._end)
        self._file.write(b"xref\n")
        for (number, generation), place in sorted(self._places.items()):
            self._file.write(b"%d 1\n%010d %05d n \n" % (number, place, generation))
        self._file.write(b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer.unparse(), start))
        self._file.flush()
        self._file.seek(0)
        self._previous, self._end = start, self._file.seek(0, 2)
        self._file.seek(0)

    def _last_table(self) -> int:
        self._file.seek(max(0, self._end - 64))
        return int(self._file.read().rpartition(b"startxref")[2].split()[0])


def save_as_is(pdf: pikepdf.Pdf, file: Any, **options: Any) -> None:
    """Save without touching metadata or the compression of anything."""
    if not options.get("encryption"):  # together with it, qpdf decides
        options["stream_decode_level"] = StreamDecodeLevel.none
    pdf.save(file, fix_metadata_version=False, **options)
