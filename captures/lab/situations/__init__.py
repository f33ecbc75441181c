# SPDX-License-Identifier: GPL-2.0-or-later
"""Importing this package declares every situation."""

import importlib
import pkgutil

for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{module.name}")
