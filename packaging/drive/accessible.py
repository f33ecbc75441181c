# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads what is on the screen, by AT-SPI."""
import itertools
import re
import time

from gi.repository import Gio, GLib

STATES = {"enabled": 8, "showing": 25}  # bits of AtspiStateType
TABLES = {"tree", "tree table", "table", "list"}
SECONDS = 30  # for something to come to where it is expected


class NotSeen(AssertionError):
    """What is waited for does not come."""


def until(ask, what):
    """What ask() says once it says something; meanwhile things may come and go."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            answer = ask()
        except GLib.Error:
            answer = None
        if answer:
            return answer
        if time.monotonic() > end:
            raise NotSeen(f"not seen in {SECONDS} s: {what}")
        time.sleep(0.05)


def connect(address):
    """To the message bus there."""
    return Gio.DBusConnection.new_for_address_sync(
        address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
        Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)


def accessibility_bus(session):
    """The one that belongs to a session's bus; it starts when it is asked for."""
    return connect(session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus",
                                     "GetAddress", None, None, 0, -1, None)[0])


def application(bus, process):
    """What that process shows, once it shows something."""
    name = "org.freedesktop.DBus"
    for owner in bus.call_sync(name, "/", name, "ListNames", None, None, 0, -1, None)[0]:
        number = bus.call_sync(name, "/", name, "GetConnectionUnixProcessID",
                               GLib.Variant("(s)", (owner,)), None, 0, -1, None)[0]
        if number != process:
            continue
        root = Accessible(bus, owner, "/org/a11y/atspi/accessible/root")
        try:
            return root if root.children else None
        except GLib.Error:  # not yet
            return None
    return None


class Accessible:
    """What AT-SPI says of one thing on the screen.  Nothing is kept: each answer is new."""

    def __init__(self, bus, name, path):
        self.bus, self.owner, self.path = bus, name, path

    def ask(self, interface, method, arguments=None):
        answer = self.bus.call_sync(self.owner, self.path, interface, method, arguments, None,
                                    Gio.DBusCallFlags.NONE, SECONDS * 1000, None)
        return answer.unpack()

    def accessible(self, method, arguments=None):
        return self.ask("org.a11y.atspi.Accessible", method, arguments)

    @property
    def name(self):
        return self.ask("org.freedesktop.DBus.Properties", "Get",
                        GLib.Variant("(ss)", ("org.a11y.atspi.Accessible", "Name")))[0]

    @property
    def role(self):
        return self.accessible("GetRoleName")[0]

    @property
    def children(self):
        return [Accessible(self.bus, *reference) for reference in self.accessible("GetChildren")[0]]

    def has(self, state):
        words = self.accessible("GetState")[0]
        return bool(words[0] >> STATES[state] & 1)

    @property
    def text(self):
        return self.ask("org.a11y.atspi.Text", "GetText", GLib.Variant("(ii)", (0, -1)))[0]

    @property
    def extents(self):
        """x, y, width and height on the screen."""
        return self.ask("org.a11y.atspi.Component", "GetExtents", GLib.Variant("(u)", (0,)))[0]

    def seek(self, role, name, state=None):
        """The first below it, depth first, whose role and name match, and in that state.

        What stands in tables and lists is not sought.
        """
        for child in self.children:
            try:
                kind = child.role
                if re.fullmatch(role, kind) and re.fullmatch(name, child.name) \
                        and (not state or child.has(state)):
                    return child
                found = kind not in TABLES and child.seek(role, name, state)
            except GLib.Error:  # it went away meanwhile
                continue
            if found:
                return found
        return None

    def grid(self):
        """The cells of a table, by row; the header is the first."""
        cells = self.children
        heads = itertools.takewhile(lambda cell: cell.role.endswith("column header"), cells)
        width = len(list(heads))
        return [cells[start:start + width] for start in range(0, len(cells), width)]

    def table(self, *columns):
        """The rows of a table, each as title to text, of all columns or these."""
        header, *rows = self.grid()
        titles = [cell.name for cell in header]
        wanted = [at for at, title in enumerate(titles) if not columns or title in columns]
        return [{titles[at]: row[at].name for at in wanted} for row in rows]
