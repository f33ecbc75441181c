# SPDX-License-Identifier: GPL-2.0-or-later
"""What is noted of it: the capture, the kernel's reasons, the truth.  Sees `net`."""
