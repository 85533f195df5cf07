"""Where the built program begins: PyInstaller starts a script, not a module."""

from __future__ import annotations

import sys

from desktop_ae.__main__ import main

sys.exit(main())
