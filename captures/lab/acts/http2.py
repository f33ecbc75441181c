# SPDX-License-Identifier: GPL-2.0-or-later
"""The few HTTP/2 frames (RFC 9113) that a client needs to ask for a file."""

SETTINGS, HEADERS = 4, 1
ACK, END_STREAM, END_HEADERS = 0x1, 0x1, 0x4

# RFC 7541, appendix A: the static table
METHOD_GET, SCHEME_HTTP, PATH, AUTHORITY = 0x82, 0x86, 0x04, 0x01


def frame(kind, flags=0, stream=0, payload=b""):
    return (len(payload).to_bytes(3, "big") + bytes([kind, flags])
            + stream.to_bytes(4, "big") + payload)


def literal(index, value):
    """A header field without indexing, its name from the static table (RFC 7541, 6.2.2)."""
    return bytes([index, len(value)]) + value


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS)
SETTINGS_ACK = frame(SETTINGS, ACK)


def get(stream, path=b"/file"):
    fields = (bytes([METHOD_GET, SCHEME_HTTP]) + literal(PATH, path)
              + literal(AUTHORITY, b"example.com"))
    return frame(HEADERS, END_STREAM | END_HEADERS, stream, fields)
