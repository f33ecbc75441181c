# SPDX-License-Identifier: GPL-2.0-or-later
"""Hosts, the cables and boxes between them.  Sees `acts`: a host runs programs."""
