# SPDX-License-Identifier: GPL-2.0-or-later
"""What programs do to one another, and what they saw of it.  Sees no other room."""
