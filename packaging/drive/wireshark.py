# SPDX-License-Identifier: GPL-2.0-or-later
"""A Wireshark with fresh settings on a display of its own: xdotool works it, AT-SPI reads it.

The program that imports this has entered a session (session.py).
"""
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from drive import tshark
from drive.accessible import NotSeen, SECONDS, accessibility_bus, application, connect, until

PREFERENCES = """\
gui.column.format:
\t"No.", "%m",
\t"Time", "%t",
\t"Source", "%s",
\t"Destination", "%d",
\t"Protocol", "%p",
\t"Length", "%L",
\t"Info", "%i"
gui.qt.font_name: DejaVu Sans,9,-1,5,50,0,0,0,0,0
gui.layout_type: 1
gui.layout_content_1: PLIST
gui.layout_content_2: PDETAILS
gui.layout_content_3: NONE
gui.packet_list_show_minimap: FALSE
gui.update.enabled: FALSE
gui.ask_unsaved: FALSE
"""
RECENT = """\
gui.toolbar_main_show: FALSE
gui.geometry_main_x: 0
gui.geometry_main_y: 0
gui.geometry_main_width: {0}
gui.geometry_main_height: {1}
gui.geometry_main_maximized: FALSE
column.width: %m, 50, %t, 90, %s, 115, %d, 115, %p, 70, %L, 60, %i, 600
"""
PAUSE = 0.3  # with two looks this is longer than what Qt takes for one word being typed


def tool(display, *command):
    return subprocess.run([*map(str, command)], check=True, env={**os.environ, "DISPLAY": display},
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS,
                          text=True).stdout


class Wireshark:
    """A started Wireshark with fresh settings that has read a capture."""

    def __init__(self, capture, *arguments, size=(1280, 800), preferences="", recent="",
                 profile=None):
        self.size = size
        self.running = []
        self.config = pathlib.Path(tempfile.mkdtemp(dir=tshark.workplace()))
        (self.config / "preferences").write_text(PREFERENCES + preferences)
        (self.config / "recent").write_text(RECENT.format(*size) + recent)
        if profile:
            shutil.copytree(profile, self.config / "profiles" / profile.name)
            arguments = ("-C", profile.name, *arguments)
        self.capture = tshark.readable(capture)
        self.log = open(self.config / "log", "w+")
        try:
            self.start(*arguments)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for process in reversed(self.running):
            process.terminate()
            process.wait()
        self.running = []

    def spawn(self, *command, **options):
        process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *map(str, command)],
                                   cwd=self.config, stdin=subprocess.DEVNULL,
                                   stdout=self.log, stderr=self.log, **options)
        self.running.append(process)

    def told(self, *command, **options):
        """Start a program that says on a descriptor, its last argument, where it listens."""
        ours, its = os.pipe()
        self.spawn(*command, its, pass_fds=[its], **options)
        os.close(its)
        with os.fdopen(ours) as answer:
            return answer.readline().strip() or self.fail(f"{command[0]} does not start")

    def fail(self, what):
        self.log.seek(0)
        raise NotSeen(f"{what}\n{self.log.read()}")

    def start(self, *arguments):
        # A display that resets when xdotool, its only client so far, leaves would drop Wireshark.
        self.display = ":" + self.told("Xvfb", "-screen", 0, "{}x{}x24".format(*self.size),
                                       "-noreset", "-nolisten", "tcp", "-displayfd")
        session = self.told("dbus-daemon", "--session", "--nofork",
                            f"--address=unix:path={self.config}/session", "--print-address",
                            env={**os.environ, "XDG_RUNTIME_DIR": str(self.config)})
        variables = tshark.environment(
            DISPLAY=self.display, QT_QPA_PLATFORM="xcb", QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
            HOME=str(self.config), WIRESHARK_CONFIG_DIR=str(self.config),
            XDG_RUNTIME_DIR=str(self.config), DBUS_SESSION_BUS_ADDRESS=session)
        self.spawn("wireshark", "-n", "-r", self.capture, *arguments, env=variables)
        # Wireshark names its window after the capture once it has read it.
        self.window = until(self.find_window, f"{self.capture} in Wireshark's title")
        self.x("windowmove", self.window, 0, 0, "windowsize", self.window, *self.size,
               "windowfocus", self.window)
        # Only now: Qt 5 that finds the bus there may publish before it is connected.
        bus = accessibility_bus(connect(session))
        self.root = until(lambda: application(bus, self.running[-1].pid),
                          "Wireshark on the accessibility bus")

    def x(self, *arguments):
        return tool(self.display, "xdotool", *arguments)

    def find_window(self):
        if self.running[-1].poll() is not None:
            self.fail("Wireshark has ended")
        try:
            title = f"^{re.escape(self.capture.name)}"
            return self.x("search", "--onlyvisible", "--name", title).split()[0]
        except subprocess.CalledProcessError:  # none of that name
            return None

    def see(self, role, name):
        return until(lambda: self.root.seek(role, name), f"{role} {name!r}")

    def press(self, *keys):
        self.x("key", *keys)

    def type(self, text):
        self.x("type", text)

    def click(self, thing, button=1, repeat=1):
        x, y, width, height = thing.extents
        self.x("mousemove", x + min(width // 2, 100), y + height // 2,
               "click", "--repeat", repeat, "--delay", 50, button)

    def entry(self, *path):
        """Of the menus: found there, and not yet shown."""
        here = self.root
        for name in path:
            here = until(lambda: here.seek("menu item", name), f"menu {path}: {name}")
        return here

    def menu(self, *path):
        """Click through the menus."""
        for depth, name in enumerate(path, 1):
            here = self.entry(*path[:depth])
            until(lambda: here.extents[2] and here.has("showing"), f"{name} on the screen")
            self.click(here)

    @property
    def filtered(self):
        """The text of the display filter."""
        return until(lambda: self.root.seek("text", "Display filter entry", "showing"),
                     "the display filter").text

    def row(self, frame):
        """The cells of the packet list for that frame."""
        return until(lambda: next((row for row in self.see("tree", "Packet list").grid()
                                   if row[0].name == str(frame)), None), f"a row of frame {frame}")

    def packets(self, *columns):
        """The packet list: for each row, title to text, of all columns or these."""
        return until(lambda: [self.see("tree", "Packet list").table(*columns)],
                     "the packet list")[0]

    @contextlib.contextmanager
    def dialog(self, title, *path):
        """Open by the menus what has that title; close it by its button."""
        self.menu(*path)
        shown = self.see("dialog", f"Wireshark · {title}( · .*)?")
        yield shown
        self.click(shown.seek("push button|button", "Close"))
        until(lambda: not self.root.seek("dialog", f"Wireshark · {title}( · .*)?"),
              f"{title} closed")
        self.x("windowfocus", self.window)  # no window manager gives it back

    def choose(self, combo, text):
        """An entry of a combo box, by its first letters."""
        self.click(combo)
        self.settle()
        self.type(text)
        self.press("Return")

    def details(self):
        """The texts of the rows that are unfolded."""
        def read():
            _, *cells = self.see("tree", "Packet details").children
            return [[cell.name for cell in cells]]

        return until(read, "the packet details")[0]

    def go_to(self, frame):
        self.press("ctrl+g")
        self.type(frame)
        self.press("Return")
        until(lambda: self.details()[:1] and self.details()[0].startswith(f"Frame {frame}:"),
              f"the details of frame {frame}")

    def detail(self, text):
        """The row of the details that reads so."""
        return until(lambda: next((cell for cell in self.see("tree", "Packet details").children
                                   if re.fullmatch(text, cell.name)), None), f"details: {text}")

    def unfold(self, text):
        """All below the row of the details that reads so, which is returned."""
        row = self.detail(text)
        self.click(row)
        self.press("shift+Right")
        return row

    def drag(self, x, y, to):
        """Drag what is there up or down."""
        self.x("mousemove", x, y, "mousedown", 1, "mousemove", x, (y + to) // 2,
               "mousemove", x, to, "mouseup", 1)
        self.settle()

    def resize(self, width, height):
        self.size = width, height
        self.x("windowsize", self.window, width, height)
        self.settle()

    def settle(self):
        """Wait until two looks at the screen, with a pause between them, are the same."""
        looks = ["", None]

        def same():
            time.sleep(PAUSE)
            looks.append(tool(self.display, "sh", "-c", "import -window root rgba:- | cksum"))
            return looks[-1] == looks[-2]

        until(same, "the screen at rest")

    def filter(self, text):
        self.press("ctrl+slash", "ctrl+a", "BackSpace")
        self.type(text)
        self.press("Return")

    def colour(self, frame):
        """Of the ground of a packet's row, shown and not selected, as #rrggbb."""
        x, y, *_ = self.row(frame)[-1].extents
        spot = f"1x1+{x + 1}+{y + 1}"  # beside its text
        said = tool(self.display, "import", "-window", "root", "-crop", spot, "-depth", 8, "txt:-")
        return re.search("#[0-9A-F]{6}", said).group().lower()

    def picture(self, path):
        """What the window takes of the screen."""
        tool(self.display, "import", "-window", "root", "-crop", "{}x{}+0+0".format(*self.size),
             "+repage", "+dither", "-colors", 40, "-strip", f"png8:{path}")
